//! Residents: who hears, who may speak, and that it is not mended yet.

use super::*;

#[test]
fn the_reporter_and_the_followers_hear_each_once() {
    let mut report = report("r1");
    report.follow(&resident(2)).unwrap();
    assert_eq!(report.follow(&resident(2)), Err(Refusal::Unchanged));
    assert_eq!(report.follow(&resident(1)), Err(Refusal::Unchanged), "the reporter hears of it anyway");
    assert_eq!(report.hears().cloned().collect::<Vec<_>>(), [resident(1), resident(2)]);
    // However it came about: who is both is one.
    report.followers.insert(resident(1));
    assert_eq!(report.hears().count(), 2);
    assert_eq!(report.unfollow(&resident(2)), Ok(()));
    assert_eq!(report.unfollow(&resident(2)), Err(Refusal::Unchanged));
    assert_eq!(report.hears().cloned().collect::<Vec<_>>(), [resident(1)]);
    assert_eq!(told("田中").hears().count(), 0);
}

#[test]
fn followers_have_an_end_and_nobody_follows_a_duplicate() {
    let mut report = report("r1");
    for number in 2..FOLLOWERS_MAX + 2 {
        report.follow(&resident(number)).unwrap();
    }
    assert_eq!(report.follow(&resident(0)), Err(Refusal::TooManyFollowers));
    assert_eq!(report.followers.len(), FOLLOWERS_MAX);
    for of in Standing::ALL {
        let followed = standing("r1", of).follow(&resident(2));
        let expected = if of == Standing::Duplicate { Err(Refusal::WrongState) } else { Ok(()) };
        assert_eq!(followed, expected, "{of:?}");
    }
}

#[test]
fn who_hears_may_write_and_nobody_else() {
    let mut report = report("r1");
    report.follow(&resident(2)).unwrap();
    assert_eq!(report.comment(" まだです。\r\n", &resident(1), at(1)), Ok(1));
    assert_eq!(report.comment("うちからも見えます。", &resident(2), at(2)), Ok(2));
    assert_eq!(report.history[1].what, What::Commented("まだです。".to_owned()));
    assert_eq!((&report.history[2].by, report.history[2].told), (&By::Follower, Told::No));
    report.follow(&resident(4)).unwrap();
    assert_eq!(report.comment("うちからも見えます。", &resident(4), at(3)), Ok(3), "somebody else says the same");
    assert_eq!(report.comment("うちからも見えます。", &resident(1), at(9)), Ok(4), "and the reporter");
    assert_eq!(
        report.comment("うちからも見えます。 ", &resident(1), at(9)),
        Err(Refusal::Unchanged),
        "it is sent again"
    );
    let before = report.clone();
    assert_eq!(report.comment("通りすがりです。", &resident(3), at(3)), Err(Refusal::NotTheirs));
    assert_eq!(report.comment(" ", &resident(1), at(3)), Err(Refusal::Empty));
    assert_eq!(report.comment(&"あ".repeat(TEXT_CHARS_MAX + 1), &resident(1), at(3)), Err(Refusal::TooLong));
    assert_eq!(report, before);
}

#[test]
fn who_hears_may_say_that_it_is_not_mended_yet() {
    for from in Standing::ALL {
        let mut report = standing("r1", from);
        report.followers.insert(resident(2));
        let before = report.clone();
        let reopened = report.reopen_by_reporter("まだ消えています。", &resident(2), at(5));
        match from {
            Standing::Done | Standing::Declined => {
                let entry = &report.history[reopened.unwrap()];
                assert_eq!((&entry.by, entry.told), (&By::Follower, Told::No));
                assert_eq!((report.state.clone(), report.closed_at), (State::Checking, None));
            }
            Standing::Checking => assert_eq!(reopened, Err(Refusal::Unchanged)),
            Standing::Received | Standing::Working | Standing::Duplicate => {
                assert_eq!(reopened, Err(Refusal::WrongState), "{from:?}");
            }
        }
        assert_eq!(report == before, reopened.is_err());
    }
    let mut done = standing("r1", Standing::Done);
    assert_eq!(done.reopen_by_reporter("", &resident(3), at(5)), Err(Refusal::NotTheirs));
    assert!(done.reopen_by_reporter("", &resident(1), at(5)).is_ok(), "nothing need be said");
}
