//! One sender at work on one run, rule by rule.
