//! Which settings a rule of the run validators and of action control goes by, and what loosens them.

/// The settings, below `[engine]`, that decide whether a rule finds something.
///
/// ```
/// assert_eq!(aop_rules::validators::deciding("lag/gap"), ["timelag.max_gap"]);
/// assert!(aop_rules::validators::deciding("pii/email").is_empty());
/// ```
pub fn deciding(rule: &str) -> &'static [&'static str] {
    match rule {
        "lag/gap" => &["timelag.max_gap"],
        "lag/response" => &["timelag.max_response", "timelag.responses"],
        "lag/run" => &["timelag.max_run"],
        "lag/think" => &["timelag.max_think"],
        "lag/clock" => &["timelag.clock_tolerance", "timelag.max_ahead"],
        "step/missing" | "step/order" | "step/follow-up" => &["missing_step.workflows"],
        "step/conformance" => &["conformance.fitness_min", "conformance.model"],
        "step/no-final" => &["missing_step.final_output", "missing_step.workflows"],
        "seq/unanswered" => &["sequence.no_response"],
        "seq/contradiction" => &["sequence.reused_call_id"],
        "seq/false-success" => &["sequence.relies_on"],
        "seq/overconfident" => &["sequence.overconfidence"],
        "seq/loop" => &["sequence.loop_times"],
        "seq/retry" => &["sequence.retries_max"],
        "seq/stall" => &["sequence.stall_after", "sequence.stall_events"],
        "freq/limit" => &["frequency.limits"],
        "freq/burst" => &["frequency.bursts"],
        "freq/silence" => &["frequency.silences"],
        "freq/error-share" => &["frequency.error_shares"],
        "freq/mix" => &["frequency.mixes"],
        "acl/unknown-action" => &["actions.default"],
        _ if rule.starts_with("acl/") => &["actions"],
        _ => &[],
    }
}

/// What makes a rule of the run validators find less, and the settings for it, as a configuration file has them.
///
/// ```
/// assert_eq!(aop_rules::validators::remedy("lag/run").unwrap().1, "[engine.timelag]\nmax_run = \"off\"\n");
/// ```
pub fn remedy(rule: &str) -> Option<(&'static str, &'static str)> {
    let found = match rule {
        "lag/gap" => ("set no limit on the time between events", "[engine.timelag]\nmax_gap = \"off\"\n"),
        "lag/response" => {
            ("set no limit on responses, of any action", "[engine.timelag]\nmax_response = \"off\"\nresponses = []\n")
        }
        "lag/run" => ("set no limit on the length of a run", "[engine.timelag]\nmax_run = \"off\"\n"),
        "lag/think" => ("set no limit on how long the agent thinks", "[engine.timelag]\nmax_think = \"off\"\n"),
        "lag/clock" => {
            ("take clocks as they are", "[engine.timelag]\nclock_tolerance = \"36500d\"\nmax_ahead = \"36500d\"\n")
        }
        "step/missing" | "step/order" | "step/follow-up" => {
            ("ask for no steps; or change the workflow", "[engine.missing_step]\nworkflows = []\n")
        }
        "step/no-final" => {
            ("ask for no final output", "[engine.missing_step]\nfinal_output = \"optional\"\nworkflows = []\n")
        }
        "step/conformance" => ("let runs go any way", "[engine.conformance]\nfitness_min = 0.0\n"),
        "seq/unanswered" => ("say which actions nothing responds to", "[engine.sequence]\nno_response = [\"*\"]\n"),
        "seq/loop" => ("let calls be repeated more often", "[engine.sequence]\nloop_times = 1000000\n"),
        "seq/retry" => ("let failed calls be asked for again more often", "[engine.sequence]\nretries_max = 1000000\n"),
        "seq/overconfident" => (
            "ask for more calls before a confidence is held against them",
            "[engine.sequence]\noverconfidence = { min_count = 1000000 }\n",
        ),
        "seq/stall" => {
            ("let a run be silent for longer", "[engine.sequence]\nstall_after = \"36500d\"\nstall_events = 1000000\n")
        }
        "freq/limit" => ("set no limits", "[engine.frequency]\nlimits = []\n"),
        "freq/burst" => ("look for no bursts", "[engine.frequency]\nbursts = []\n"),
        "freq/silence" => ("let events stay away", "[engine.frequency]\nsilences = []\n"),
        "freq/error-share" => ("let any share fail", "[engine.frequency]\nerror_shares = []\n"),
        "freq/mix" => ("let any mix be", "[engine.frequency]\nmixes = []\n"),
        _ => return None,
    };
    Some(found)
}
