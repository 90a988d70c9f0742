//! Ways of working: demo, test, evaluate, bench.
fn main() {}
