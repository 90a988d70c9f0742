//! Policy: every weight and threshold of analysis, named.

/// How the best of several values is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BestRule {
    /// The lowest number, the coarsest value: what nobody contradicts.
    Conservative,
    /// What was published last.
    Recency,
    /// What most independent origins give, leaving out what a later word replaced; then what was
    /// published last.
    #[default]
    Weighed,
}

impl BestRule {
    /// The rule by name.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "conservative" => Some(Self::Conservative),
            "recency" => Some(Self::Recency),
            "weighed" => Some(Self::Weighed),
            _ => None,
        }
    }

    /// The name of the rule.
    pub fn word(self) -> &'static str {
        match self {
            Self::Conservative => "conservative",
            Self::Recency => "recency",
            Self::Weighed => "weighed",
        }
    }
}

/// Weights and thresholds. Points are added up; two tellings are one event from
/// [`Policy::same_event_points`] on.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// How the best value is chosen.
    pub best: BestRule,
    /// From how many points on two tellings are one event.
    pub same_event_points: f32,
    /// The same sentence, word for word.
    pub same_wording: f32,
    /// Both name the same town, or spots within `town_distance_km`.
    pub same_town: f32,
    /// Towns up to so far apart may be the same place.
    pub town_distance_km: f64,
    /// Both lie in the same district or province, no nearer place being known for one of them.
    pub same_division: f32,
    /// Both lie in the same country, no nearer place being known for one of them.
    pub same_country: f32,
    /// Both say the same day.
    pub same_day: f32,
    /// Both say times that overlap within a few days.
    pub same_days: f32,
    /// Both say times that overlap within a month or so.
    pub same_month: f32,
    /// One at least does not say when, and both were published within `publication_days`.
    pub near_publication: f32,
    /// See `near_publication`.
    pub publication_days: i32,
    /// A telling without a date is of the days before publication, at most so many.
    pub undated_days: i32,
    /// The same means (mode).
    pub same_mode: f32,
    /// Means that exclude one another.
    pub other_mode: f32,
    /// Words for the act that name the same sort of act.
    pub same_word: f32,
    /// The same number of dead, at least three.
    pub same_toll: f32,
    /// Numbers of dead that agree or nearly do.
    pub near_toll: f32,
    /// Numbers of dead that differ by more than a factor of three.
    pub far_toll: f32,
    /// Both reports exist to tell of it and came out within `publication_days`.
    pub both_main: f32,
    /// A named actor in common.
    pub same_actor: f32,
    /// Both name who did it, and differently.
    pub other_actor: f32,
    /// A target in common.
    pub same_target: f32,
    /// All content words of the shorter sentence in common.
    pub same_words: f32,
    /// One is told as a wave or total and the other as one event.
    pub aggregate_mismatch: f32,
    /// From which share of prose in common on a report counts as resting on another.
    pub prose_coverage_min: f32,
    /// Reports of one event are compared text by text up to this many reports.
    pub compare_reports_max: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            best: BestRule::default(),
            same_event_points: 4.0,
            same_wording: 6.0,
            same_town: 2.5,
            town_distance_km: 15.0,
            same_division: 1.2,
            same_country: 0.6,
            same_day: 2.0,
            same_days: 1.2,
            same_month: 0.6,
            near_publication: 0.8,
            publication_days: 3,
            undated_days: 30,
            same_mode: 0.8,
            other_mode: -1.5,
            same_word: 0.6,
            same_toll: 1.8,
            near_toll: 0.6,
            far_toll: -1.0,
            both_main: 0.8,
            same_actor: 1.2,
            other_actor: -0.8,
            same_target: 0.8,
            same_words: 2.5,
            aggregate_mismatch: -0.6,
            prose_coverage_min: 0.17,
            compare_reports_max: 12,
        }
    }
}
