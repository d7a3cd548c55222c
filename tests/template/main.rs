//! `template.yaml` and the code are of one mind, and the template keeps the rules of this project.
//!
//! Each rule looks at a template and complains. The true template must leave all of them silent; `broken.rs` breaks it
//! once for each complaint that counts, and expects to hear it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a template that cannot be read fails the test")]

mod broken;
mod functions;
mod guide;
mod keeping;
mod known;
mod permissions;
mod queues;
mod sending;
mod stages;
mod template;
mod uploads;
mod watching;
mod yaml;

use template::Template;

type Rule = fn(&Template) -> Vec<String>;

const RULES: &[Rule] = &[
    functions::are_the_crates,
    functions::get_the_variables_they_read,
    functions::have_their_own_logs,
    functions::run_on_arm64,
    functions::outlive_their_calls,
    permissions::are_each_functions_own,
    permissions::allow_exactly_what_is_called,
    permissions::leave_the_audit_log_as_it_is,
    permissions::keep_functions_to_their_own,
    permissions::keep_the_portal_to_what_it_shows,
    permissions::are_narrow,
    queues::have_dead_letter_queues,
    queues::are_named_after_the_stack,
    queues::deliver_again,
    queues::leave_a_reply_token_alive,
    queues::let_photos_wait_for_their_item_and_for_line,
    queues::forget_before_the_table_does,
    sending::senders_live_as_long_as_they_say,
    sending::paces_are_shared_among_as_many_as_are_woken,
    sending::the_lanes_keep_to_lines_limit,
    sending::one_message_wakes_one_function,
    sending::somebody_looks_every_minute,
    sending::an_import_leaves_the_janitor_time_and_outlasts_it,
    sending::a_waiting_emergency_is_told_of,
    sending::a_routine_lane_that_stands_still_is_told_of,
    sending::what_a_person_must_see_is_told_of,
    sending::rules_are_looked_at_every_minute_for_that_minute,
    sending::readers_can_be_kept_from_the_senders_share,
    sending::frozen_parts_are_kept_for_a_year,
    keeping::the_table_is_safe,
    keeping::the_switch_reaches_everything,
    keeping::what_was_deleted_comes_back_for_a_week,
    keeping::buckets_are_closed,
    keeping::secrets_are_secret,
    stages::names_bear_the_stacks,
    uploads::browsers_only_put,
    uploads::are_told_of_and_forgotten,
    uploads::queues_listen_to_our_buckets,
    uploads::one_that_never_comes_is_no_alarm,
    watching::alarms_say_where_to_look,
    watching::the_topic_hears_alarms_alone,
    watching::a_chat_only_listens,
    watching::who_is_not_called_is_missed,
    watching::pages_that_fail_are_told_of,
    watching::who_cannot_start_is_told_of,
    watching::what_is_counted_is_looked_at,
    watching::the_dashboard_shows_what_there_is,
    watching::tracing_is_a_switch,
    watching::an_age_is_asked_of_who_knows_it,
    watching::what_comes_again_is_told_of,
    watching::silence_calls_nothing_off,
    watching::a_webhook_of_a_small_town_is_missed,
    guide::names_what_there_is,
];

fn text() -> &'static str {
    include_str!("../../template.yaml")
}

fn complaints(text: &str) -> Vec<String> {
    let template = Template(yaml::read(text));
    RULES.iter().flat_map(|rule| rule(&template)).collect()
}

#[test]
fn the_template_keeps_all_rules() {
    let complaints = complaints(text());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// A rule that finds nothing to look at would be silent too.
#[test]
fn there_is_something_to_look_at() {
    let template = Template(yaml::read(text()));
    assert_eq!(template.functions().count(), 11);
    assert_eq!(template.consumed().count(), 8);
}
