//! What the account says of a part.

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::sending::RUN_PAGES;

fn part(ids: u32) -> FrozenPart {
    FrozenPart {
        broadcast: "b".parse().unwrap(),
        part: 0,
        frozen_at: Timestamp::UNIX_EPOCH,
        sections: vec![ids],
        left_out: LeftOut { blocked: 1, outside: 2, muted: 3, capped: 4 },
        digest: String::new(),
    }
}

fn ledger(pages: Vec<PageState>) -> Ledger {
    Ledger { pages, ..Ledger::new(0) }
}

fn accepted(dropped: Vec<u16>) -> PageState {
    PageState::Accepted { generation: 0, dropped, request: None }
}

#[test]
fn everybody_is_counted_under_what_became_of_their_page() {
    let first = ledger(vec![
        accepted(Vec::new()),
        accepted(vec![1, 7]),
        PageState::Refused { status: 400 },
        PageState::Stopped,
        PageState::Unclear,
        PageState::Expired,
        PageState::NEW,
        accepted(Vec::new()),
        accepted(Vec::new()),
        accepted(Vec::new()),
    ]);
    let mut account = Account::default();
    account.add(&part(5_003), &[Some(&first), None]);
    let expected = Account {
        frozen: 5_003,
        accepted: 2_498,
        dropped: 2,
        refused: 500,
        stopped: 500,
        unclear: 1_000,
        open: 503,
        left_out: LeftOut { blocked: 1, outside: 2, muted: 3, capped: 4 },
    };
    assert_eq!(account, expected);
    account.add(&part(5_003), &[Some(&first), None]);
    assert_eq!((account.frozen, account.accepted, account.left_out.capped), (10_006, 4_996, 8));
}

proptest! {
    #[test]
    fn frozen_is_the_sum_of_all_others(
        ids in 0..20_000_u32,
        states in proptest::collection::vec(
            prop_oneof![
                Just(PageState::NEW), Just(PageState::Stopped), Just(PageState::Expired), Just(PageState::Unclear),
                Just(PageState::Refused { status: 400 }), Just(accepted(vec![0, 3])), Just(accepted(Vec::new())),
            ],
            0..40,
        )
    ) {
        let ledgers: Vec<Ledger> = states.chunks(RUN_PAGES).map(|pages| ledger(pages.to_vec())).collect();
        let ledgers: Vec<Option<&Ledger>> = ledgers.iter().map(Some).collect();
        let mut account = Account::default();
        account.add(&part(ids), &ledgers);
        let Account { frozen, accepted, dropped, refused, stopped, unclear, open, .. } = account;
        prop_assert_eq!(frozen, u64::from(ids));
        prop_assert_eq!(frozen, accepted + dropped + refused + stopped + unclear + open);
    }
}
