//! A member of staff connects their own phone by a code typed in the chat; nobody else is affected, and nobody can guess.

use app::error::Error;
use app::inbox::{Letter, Outcome};
use app::ports::Clock;
use app::ports::staff::{PhoneCode, StaffStore};
use domain::audit::Action;
use domain::conversation::{CODE_TRIES_MAX, Deed};
use domain::ids::{ResidentId, StaffId};
use domain::staff::{Roles, Staff, Standing};
use jiff::SignedDuration;
use tests::city::{City, TableFault};
use tests::staff::StaffFault;

use crate::inbox::city;

const CODE: &str = "12345678";
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn resident(number: u32) -> ResidentId {
    format!("U{number:032x}").parse().unwrap()
}

fn staff(id: &str) -> Staff {
    Staff {
        id: id.parse().unwrap(),
        name: "青木".parse().unwrap(),
        email: format!("{id}@example.jp").parse().unwrap(),
        standing: Standing::Active,
        roles: Roles::default(),
        identity: None,
        phone: None,
    }
}

async fn office() -> City {
    let city = city();
    city.staff.settle([staff("aoki"), staff("baba")]);
    offer(&city, CODE, "aoki").await;
    city
}

async fn offer(city: &City, code: &str, owner: &str) {
    let owner: StaffId = owner.parse().unwrap();
    city.staff.offer_code(&PhoneCode(code.to_owned()), &owner, city.clock.now() + 10 * MINUTE).await.unwrap();
}

fn phone(city: &City, id: &str) -> Option<ResidentId> {
    city.staff.person(&id.parse().unwrap()).unwrap().phone
}

fn connections(city: &City) -> usize {
    city.staff.acts().iter().filter(|act| act.action == Action::ConnectPhone).count()
}

fn says(city: &City, who: u32, event: u32, text: &str) -> Letter {
    city.letter(&resident(who), event, Deed::Said(text.to_owned()))
}

async fn deliver(city: &City, letter: &Letter) -> Result<Outcome, Error> {
    city.inbox.handle(letter).await
}

fn answers_alike(city: &City) -> bool {
    let received = city.platform.received();
    received.windows(2).all(|two| two[0] == two[1])
}

#[tokio::test(start_paused = true)]
async fn a_code_typed_in_the_chat_connects_the_phone_once() {
    let city = office().await;
    let letter = says(&city, 1, 1, "職員　１２３４−５６７８");
    assert_eq!(deliver(&city, &letter).await.unwrap(), Outcome::Answered);
    assert_eq!(phone(&city, "aoki"), Some(resident(1)));
    assert_eq!(deliver(&city, &letter).await.unwrap(), Outcome::AlreadyAnswered);
    assert_eq!((connections(&city), city.platform.received().len()), (1, 1));
    assert!(city.platform.received()[0].contains("つながりました"), "{:?}", city.platform.received());
    assert!(city.table.questions().is_empty(), "a code is no question, and is kept nowhere");
}

/// The connection is made, then the table or the function fails: the next delivery says the same.
#[tokio::test(start_paused = true)]
async fn a_delivery_that_dies_after_the_connection_is_answered_as_if_it_had_not() {
    let city = office().await;
    let letter = says(&city, 1, 1, "職員 12345678");
    city.staff.fail([StaffFault::ReplyLost]);
    assert!(deliver(&city, &letter).await.is_err());
    city.table.fail_commits([TableFault::Throttled]);
    assert!(deliver(&city, &letter).await.is_err());
    assert_eq!(phone(&city, "aoki"), Some(resident(1)));
    // The queue may take longer than a code lives; what counts is when it was typed.
    city.clock.advance(20 * MINUTE);
    assert_eq!(deliver(&city, &letter).await.unwrap(), Outcome::Answered);
    assert!(city.platform.received()[0].contains("つながりました"));
    assert_eq!(connections(&city), 1);
}

#[tokio::test(start_paused = true)]
async fn a_code_works_once_and_for_its_owner_and_time() {
    let city = office().await;
    deliver(&city, &says(&city, 1, 1, "職員 12345678")).await.unwrap();
    deliver(&city, &says(&city, 2, 2, "職員 12345678")).await.unwrap();
    assert_eq!(phone(&city, "aoki"), Some(resident(1)), "used up by another phone");
    offer(&city, "11111111", "baba").await;
    offer(&city, "22222222", "baba").await;
    deliver(&city, &says(&city, 3, 3, "職員 11111111")).await.unwrap();
    assert_eq!(phone(&city, "baba"), None, "a newer code ends the older one");
    city.clock.advance(10 * MINUTE);
    deliver(&city, &says(&city, 3, 4, "職員 22222222")).await.unwrap();
    assert_eq!(phone(&city, "baba"), None, "expired");
    let wrong = city.platform.received().iter().filter(|said| said.contains("つながりませんでした")).count();
    assert_eq!((wrong, connections(&city)), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_phone_belongs_to_one_person_at_most() {
    let city = office().await;
    deliver(&city, &says(&city, 1, 1, "職員 12345678")).await.unwrap();
    offer(&city, "87654321", "baba").await;
    deliver(&city, &says(&city, 1, 2, "職員 87654321")).await.unwrap();
    assert_eq!((phone(&city, "aoki"), phone(&city, "baba")), (None, Some(resident(1))));
}

#[tokio::test(start_paused = true)]
async fn after_five_wrong_codes_even_the_right_one_is_not_looked_up_and_nobody_is_told() {
    let city = office().await;
    for event in 0..5 {
        deliver(&city, &says(&city, 1, event, "職員 00000000")).await.unwrap();
    }
    assert_eq!(city.staff.looked_up(), CODE_TRIES_MAX);
    deliver(&city, &says(&city, 1, 5, "職員 12345678")).await.unwrap();
    assert_eq!((city.staff.looked_up(), phone(&city, "aoki")), (CODE_TRIES_MAX, None));
    assert!(answers_alike(&city), "{:?}", city.platform.received());
    deliver(&city, &says(&city, 2, 6, "職員 12345678")).await.unwrap();
    assert_eq!(phone(&city, "aoki"), Some(resident(2)), "others are not held back");
    city.clock.advance(60 * MINUTE);
    offer(&city, "87654321", "baba").await;
    deliver(&city, &says(&city, 1, 7, "職員 87654321")).await.unwrap();
    assert_eq!(phone(&city, "baba"), Some(resident(1)), "an hour later they may try again");
}

#[tokio::test(start_paused = true)]
async fn ordinary_words_ask_nobody_for_a_code() {
    let city = office().await;
    for (event, text) in (0..).zip(["職員", "職員 1234", "12345678", "職員さん 12345678", "乾電池"]) {
        deliver(&city, &says(&city, 1, event, text)).await.unwrap();
    }
    assert_eq!(city.staff.looked_up(), 0);
    assert!(!city.platform.received().iter().any(|said| said.contains("職員用の画面")));
}
