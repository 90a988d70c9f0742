"""Trains Headwater's neural tagger."""
