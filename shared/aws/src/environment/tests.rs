//! What each function reads of its environment, and what it misses.

use std::fmt::Debug;

use super::*;
use crate::watch::{QueueUrls, WatchedUrls};

/// Checks that exactly the listed variables are read, and that each is missed by its name.
fn check<T: Debug>(
    variables: &[&'static str],
    read: impl Fn(&dyn Fn(&str) -> Option<String>) -> Result<T, Misconfigured>,
) {
    let numbers = |name: &str| name.ends_with("_PER_SECOND") || name.ends_with("_SENDERS");
    let said = |name: &str| if numbers(name) { "7".to_owned() } else { format!("the {name}") };
    let listed = |name: &str| variables.contains(&name).then(|| said(name));
    read(&listed).expect("the listed variables are enough");
    for missing in variables {
        for empty in [None, Some(String::new()), Some("  ".to_owned())] {
            let value = |name: &str| if name == *missing { empty.clone() } else { listed(name) };
            let error = read(&value).expect_err(missing);
            assert_eq!(error, Misconfigured::Missing(missing));
            assert!(error.to_string().contains(missing));
        }
    }
}

#[test]
fn every_variable_is_required_and_missed_by_name() {
    check(WebhookEnvironment::VARIABLES, |value| WebhookEnvironment::read(value));
    check(InboxEnvironment::REQUIRED, |value| InboxEnvironment::read(value));
    check(ConsoleEnvironment::REQUIRED, |value| ConsoleEnvironment::read(value));
    check(PlannerEnvironment::VARIABLES, |value| PlannerEnvironment::read(value));
    check(SenderEnvironment::VARIABLES, |value| SenderEnvironment::read(value));
    check(JanitorEnvironment::VARIABLES, |value| JanitorEnvironment::read(value));
    check(PhotoEnvironment::VARIABLES, |value| PhotoEnvironment::read(value));
    check(PortalEnvironment::REQUIRED, |value| PortalEnvironment::read(value));
    check(ReminderEnvironment::VARIABLES, |value| ReminderEnvironment::read(value));
    check(NoticeEnvironment::REQUIRED, |value| NoticeEnvironment::read(value));
    check(RelayEnvironment::REQUIRED, |value| RelayEnvironment::read(value));
}

fn lanes(what: &str) -> LaneUrls {
    LaneUrls { emergency: format!("EMERGENCY_{what}_URL"), routine: format!("ROUTINE_{what}_URL") }
}

/// A queue and its dead-letter queue.
fn pair(of: &str) -> QueueUrls {
    QueueUrls { queue: format!("{of}_QUEUE_URL"), dead_letters: format!("{of}_DEAD_LETTERS_URL") }
}

#[test]
fn each_variable_lands_in_its_own_field() {
    let (echo, said) = (|name: &str| Some(name.to_owned()), |name: &str| name.to_owned());
    let webhook =
        WebhookEnvironment { line_secret_id: said("LINE_SECRET_ID"), inbox_queue_url: said("INBOX_QUEUE_URL") };
    assert_eq!(WebhookEnvironment::read(echo).unwrap(), webhook);
    let inbox = InboxEnvironment {
        table_name: said("TABLE_NAME"),
        line_secret_id: said("LINE_SECRET_ID"),
        line_api_base: said("LINE_API_BASE"),
        line_data_base: said("LINE_DATA_BASE"),
        inbox_dead_letters_url: said("INBOX_DEAD_LETTERS_URL"),
        photo_queue_url: said("PHOTO_QUEUE_URL"),
        relay_queue_url: said("RELAY_QUEUE_URL"),
        liff_id: Some(said("LIFF_ID")),
    };
    assert_eq!(InboxEnvironment::read(echo).unwrap(), inbox);
    let planner = PlannerEnvironment {
        table_name: said("TABLE_NAME"),
        media_bucket: said("MEDIA_BUCKET"),
        parts: lanes("PARTS"),
        runs: lanes("RUNS"),
        sending_dead_letters_url: said("SENDING_DEAD_LETTERS_URL"),
    };
    assert_eq!(PlannerEnvironment::read(echo).unwrap(), planner);
    let janitor = JanitorEnvironment {
        table_name: said("TABLE_NAME"),
        media_bucket: said("MEDIA_BUCKET"),
        parts: lanes("PARTS"),
        runs: lanes("RUNS"),
        photo_queue_url: said("PHOTO_QUEUE_URL"),
        line_secret_id: said("LINE_SECRET_ID"),
        line_api_base: said("LINE_API_BASE"),
        line_data_base: said("LINE_DATA_BASE"),
    };
    assert_eq!(JanitorEnvironment::read(echo).unwrap(), janitor);
    let photo = PhotoEnvironment {
        table_name: said("TABLE_NAME"),
        media_bucket: said("MEDIA_BUCKET"),
        pictures_bucket: said("PICTURES_BUCKET"),
        line_secret_id: said("LINE_SECRET_ID"),
        line_api_base: said("LINE_API_BASE"),
        line_data_base: said("LINE_DATA_BASE"),
        photo_dead_letters_url: said("PHOTO_DEAD_LETTERS_URL"),
    };
    assert_eq!(PhotoEnvironment::read(echo).unwrap(), photo);
    let reminder = ReminderEnvironment {
        table_name: said("TABLE_NAME"),
        media_bucket: said("MEDIA_BUCKET"),
        pictures_base: said("PICTURES_BASE"),
        routine_parts_url: said("ROUTINE_PARTS_URL"),
    };
    assert_eq!(ReminderEnvironment::read(echo).unwrap(), reminder);
    let numbers = |name: &str| name.ends_with("_PER_SECOND") || name.ends_with("_SENDERS");
    let share = Share { calls_per_second: 7, senders: 7 };
    let sender = SenderEnvironment {
        table_name: said("TABLE_NAME"),
        media_bucket: said("MEDIA_BUCKET"),
        runs: lanes("RUNS"),
        sending_dead_letters_url: said("SENDING_DEAD_LETTERS_URL"),
        line_secret_id: said("LINE_SECRET_ID"),
        line_api_base: said("LINE_API_BASE"),
        line_data_base: said("LINE_DATA_BASE"),
        paces: Paces::of(share, share),
    };
    let read = SenderEnvironment::read(|name| Some(if numbers(name) { said("7") } else { said(name) }));
    assert_eq!(read.unwrap(), sender);
}

#[test]
fn each_variable_of_notice_and_relay_lands_in_its_own_field() {
    let said = |name: &str| name.to_owned();
    let notice = NoticeEnvironment {
        table_name: said("TABLE_NAME"),
        line_secret_id: said("LINE_SECRET_ID"),
        line_api_base: said("LINE_API_BASE"),
        line_data_base: said("LINE_DATA_BASE"),
        notice_dead_letters_url: said("NOTICE_DEAD_LETTERS_URL"),
        liff_id: Some(said("LIFF_ID")),
    };
    assert_eq!(NoticeEnvironment::read(|name| Some(name.to_owned())).unwrap(), notice);
    let relay = RelayEnvironment {
        table_name: said("TABLE_NAME"),
        relay_queue_url: said("RELAY_QUEUE_URL"),
        relay_dead_letters_url: said("RELAY_DEAD_LETTERS_URL"),
        hooks_local: Some(said("HOOKS_LOCAL")),
    };
    assert_eq!(RelayEnvironment::read(|name| Some(name.to_owned())).unwrap(), relay);
    let required = |name: &str| RelayEnvironment::REQUIRED.contains(&name).then(|| name.to_owned());
    let least = RelayEnvironment { hooks_local: None, ..relay };
    assert_eq!(RelayEnvironment::read(required).unwrap(), least);
}

#[test]
fn each_variable_of_the_console_lands_in_its_own_field() {
    let said = |name: &str| name.to_owned();
    let console = ConsoleEnvironment {
        table_name: said("TABLE_NAME"),
        line_secret_id: said("LINE_SECRET_ID"),
        line_api_base: said("LINE_API_BASE"),
        line_data_base: said("LINE_DATA_BASE"),
        media_bucket: said("MEDIA_BUCKET"),
        pictures_bucket: said("PICTURES_BUCKET"),
        pictures_base: said("PICTURES_BASE"),
        parts: lanes("PARTS"),
        runs: lanes("RUNS"),
        notice_queue_url: said("NOTICE_QUEUE_URL"),
        relay_queue_url: said("RELAY_QUEUE_URL"),
        watched: WatchedUrls {
            inbox: pair("INBOX"),
            photos: pair("PHOTO"),
            notices: pair("NOTICE"),
            changes: pair("RELAY"),
            parts: lanes("PARTS"),
            runs: lanes("RUNS"),
            sending_dead_letters: said("SENDING_DEAD_LETTERS_URL"),
        },
        staff_issuer: said("STAFF_ISSUER"),
        staff_client_id: said("STAFF_CLIENT_ID"),
        staff_secret_id: Some(said("STAFF_SECRET_ID")),
        staff_pool_id: Some(said("STAFF_POOL_ID")),
        staff_email_trust: said("STAFF_EMAIL_TRUST"),
        staff_discovery: Some(said("STAFF_DISCOVERY")),
        map_tiles: Some(said("MAP_TILES")),
        console_address: Some(said("CONSOLE_ADDRESS")),
        hooks_local: Some(said("HOOKS_LOCAL")),
    };
    assert_eq!(ConsoleEnvironment::read(|name| Some(name.to_owned())).unwrap(), console);
    let required = |name: &str| ConsoleEnvironment::REQUIRED.contains(&name).then(|| name.to_owned());
    let least = ConsoleEnvironment {
        staff_secret_id: None,
        staff_pool_id: None,
        staff_discovery: None,
        map_tiles: None,
        console_address: None,
        hooks_local: None,
        ..console
    };
    assert_eq!(ConsoleEnvironment::read(required).unwrap(), least);
}

#[test]
fn each_variable_of_the_portal_lands_in_its_own_field() {
    let said = |name: &str| name.to_owned();
    let portal = PortalEnvironment {
        table_name: said("TABLE_NAME"),
        pictures_base: said("PICTURES_BASE"),
        media_bucket: said("MEDIA_BUCKET"),
        photo_queue_url: said("PHOTO_QUEUE_URL"),
        relay_queue_url: said("RELAY_QUEUE_URL"),
        line_api_base: said("LINE_API_BASE"),
        liff_id: Some(said("LIFF_ID")),
        liff_script: Some(said("LIFF_SCRIPT")),
        map_tiles: Some(said("MAP_TILES")),
    };
    assert_eq!(PortalEnvironment::read(|name| Some(name.to_owned())).unwrap(), portal);
    assert_eq!(PortalEnvironment::VARIABLES[..PortalEnvironment::REQUIRED.len()], *PortalEnvironment::REQUIRED);
    let required = |name: &str| PortalEnvironment::REQUIRED.contains(&name).then(|| name.to_owned());
    let least = PortalEnvironment { liff_id: None, liff_script: None, map_tiles: None, ..portal };
    assert_eq!(PortalEnvironment::read(required).unwrap(), least);
}

#[test]
fn the_shares_of_the_lanes_are_numbers() {
    let value = |odd: &'static str, odd_value: &'static str| {
        move |name: &str| {
            Some(match name {
                name if name == odd => odd_value.to_owned(),
                EMERGENCY_CALLS_PER_SECOND => "170".to_owned(),
                EMERGENCY_SENDERS => "5".to_owned(),
                ROUTINE_CALLS_PER_SECOND => "20".to_owned(),
                ROUTINE_SENDERS => "2".to_owned(),
                other => other.to_owned(),
            })
        }
    };
    let sender = SenderEnvironment::read(value("", "")).unwrap();
    let share = |calls_per_second, senders| Share { calls_per_second, senders };
    assert_eq!(sender.paces, Paces::of(share(170, 5), share(20, 2)));
    for name in [EMERGENCY_CALLS_PER_SECOND, EMERGENCY_SENDERS, ROUTINE_CALLS_PER_SECOND, ROUTINE_SENDERS] {
        for odd in ["0", "-1", "1.5", "many"] {
            let error = SenderEnvironment::read(value(name, odd)).expect_err(odd);
            assert_eq!(error, Misconfigured::NoNumber(name));
        }
    }
}
