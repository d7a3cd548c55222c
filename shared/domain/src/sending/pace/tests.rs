//! A sender's speed: never more calls in a second than its share, whatever its timer does.

use proptest::prelude::*;

use super::*;

fn moment(micros: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap() + SignedDuration::from_micros(micros)
}

/// The moments at which a sender calls that asks again so many microseconds after it was told to.
fn calls(pacer: &mut Pacer, late: &[i64]) -> Vec<Timestamp> {
    let call = |late: &i64| {
        let at = pacer.next() + SignedDuration::from_micros(*late);
        pacer.take(at).unwrap();
        at
    };
    late.iter().map(call).collect()
}

fn moments<const N: usize>(micros: [i64; N]) -> Vec<Timestamp> {
    micros.map(moment).to_vec()
}

proptest! {
    #[test]
    fn never_more_calls_in_a_second_than_the_share_and_one(
        rate in 1..=170_u32, senders in 1..=5_u32, late in proptest::collection::vec(0..60_000_i64, 1..300)
    ) {
        let mut pacer = Pacer::new(Pacer::interval(rate, senders), moment(0));
        let calls = calls(&mut pacer, &late);
        let most = usize::try_from(rate.div_ceil(senders)).unwrap() + 1;
        for (first, at) in calls.iter().enumerate() {
            let within = calls[first..].iter().take_while(|other| **other < *at + SignedDuration::from_secs(1)).count();
            prop_assert!(within <= most, "{within} calls in the second from {at}, {most} are allowed");
        }
    }
}

#[test]
fn the_senders_of_a_lane_share_its_calls() {
    for (rate, senders) in [(170, 5), (20, 2), (1, 1), (200, 7)] {
        let interval = Pacer::interval(rate, senders);
        let of_all = f64::from(senders) / interval.as_secs_f64();
        assert!(of_all <= f64::from(rate) && f64::from(rate) * 0.999 < of_all, "{of_all} for {rate}");
    }
}

#[test]
fn a_new_sender_waits_one_interval_for_the_one_before_it_may_have_called_just_now() {
    let mut pacer = Pacer::new(SignedDuration::from_millis(30), moment(0));
    assert_eq!(pacer.take(moment(29_999)), Err(moment(30_000)));
    assert_eq!(pacer.take(moment(30_000)), Ok(()));
}

#[test]
fn a_late_timer_does_not_slow_the_pace_and_a_long_pause_is_not_made_up_for() {
    let mut pacer = Pacer::new(SignedDuration::from_millis(30), moment(0));
    assert_eq!(calls(&mut pacer, &[2_000, 1_000, 2_000, 0]), moments([32_000, 61_000, 92_000, 120_000]));
    let mut pacer = Pacer::new(SignedDuration::from_millis(30), moment(0));
    assert_eq!(calls(&mut pacer, &[500_000, 0, 0]), moments([530_000, 545_000, 575_000]));
}

#[test]
fn after_too_fast_it_goes_at_half_its_speed_for_five_seconds() {
    let mut pacer = Pacer::new(SignedDuration::from_millis(30), moment(0));
    pacer.slow_down(moment(0));
    assert_eq!(calls(&mut pacer, &[0, 0, 0]), moments([60_000, 120_000, 180_000]));
    let mut pacer = Pacer::new(SignedDuration::from_millis(30), moment(0));
    pacer.slow_down(moment(-5_000_000));
    assert_eq!(calls(&mut pacer, &[0, 0]), moments([30_000, 60_000]));
}
