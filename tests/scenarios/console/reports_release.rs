//! What staff show everybody of a damage report: looked at before it is out, marked, changed, hidden, and never more than they chose.

use app::ports::Clock;
use std::collections::BTreeSet;

use app::ports::reports::{PhotoFiles, Reports};
use app::ports::staff::Written;
use app::report::photo::clean;
use app::report::withdraw::withdraw;
use domain::audit::Action;
use domain::ids::{PhotoId, ResidentId};
use domain::report::photo::{Photo, PhotoState};
use domain::report::release::Area;
use domain::report::{Deed, Reporter};
use http::StatusCode;
use tests::console::{Browser, Seen, TownHall};
use tests::forms::{Form, forms};

use super::broadcasts::{EVIL, send};
use super::reports::{LINE_ID, act, filed, hall, id_of, report, store, stored};

const FILE: &[u8] = include_bytes!("../../../infra/simulator/assets/picture.jpg");
/// Words of the reporter, and of staff.
const SECRET: &str = "田中さんの家の前";
const WHAT: &str = "街路灯が消えています";

fn photo_id(number: usize) -> PhotoId {
    format!("photo-{number}").parse().unwrap()
}

/// A report with three photos, of which two can be shown; gives its address.
async fn photographed(hall: &TownHall) -> String {
    let mut reported = report(hall, "first", "light", Reporter::Resident(LINE_ID.parse::<ResidentId>().unwrap()));
    (reported.comment, reported.place.text) = (SECRET.to_owned(), SECRET.to_owned());
    for number in 1..=3 {
        let file = clean(FILE).unwrap();
        let state = match number {
            3 => PhotoState::Waiting,
            _ => PhotoState::Kept { sha: file.sha.clone(), width: file.width, height: file.height, gps: None },
        };
        let id = photo_id(number);
        hall.photo_files.keep(&reported.id, &id, &file).await.unwrap();
        let photo = Photo { id: id.clone(), report: reported.id.clone(), by: None, at: hall.clock.now(), state };
        assert_eq!(hall.reports.put_photo(&photo, None).await.unwrap(), Written::Done);
        reported.photos.push(id);
    }
    store(hall, &reported).await
}

/// The form of a page with which something is released.
fn form_of(page: &Seen) -> Form {
    let found = forms(&page.body).into_iter().find(|form| form.has_button("step"));
    found.unwrap_or_else(|| panic!("no such form: {}", page.body))
}

async fn step(browser: &Browser, page: &Seen, step: &str, fields: &[(&str, &str)]) -> Seen {
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("step", step)]).collect();
    send(browser, &form_of(page), &fields).await
}

/// Releases a report from its form to its end.
async fn release(browser: &Browser, at: &str, fields: &[(&str, &str)]) -> Seen {
    let page = browser.get(&format!("{at}/release")).await;
    let preview = step(browser, &page, "preview", fields).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
    step(browser, &preview, "publish", &[]).await
}

async fn hide(browser: &Browser, page: &Seen) -> Seen {
    let hides = |form: &&Form| form.fields.iter().any(|field| field.name == "step" && field.values == ["hide"]);
    send(browser, forms(&page.body).iter().find(hides).unwrap(), &[]).await
}

#[tokio::test]
async fn what_is_released_was_looked_at_before_and_holds_nothing_of_the_reporter() {
    let hall = hall();
    let at = photographed(&hall).await;
    let editor = hall.signed_in("aoki").await;
    assert!(editor.get(&at).await.body.contains("公開していません"));
    let page = editor.get(&format!("{at}/release")).await;
    assert!(!page.body.contains(SECRET), "staff write their own words: {}", page.body);
    assert_eq!(page.field("release-what").as_deref(), Some("街路灯"));
    for also in ["受付番号", "受付日時", "種別", "状態", "担当課", "地区", "地図の上の場所"] {
        assert!(page.body.contains(also), "what is public besides is said: {also}");
    }
    let offered: Vec<String> = form_of(&page).fields.into_iter().flat_map(|field| field.offered).collect();
    assert_eq!(offered, ["photo-1", "photo-2"], "what is still on its way cannot be shown");

    let fields = [("release-what", WHAT), ("release-photo", "photo-2"), ("release-areas-photo-2", "10 20 30 40")];
    let preview = step(&editor, &page, "preview", &fields).await;
    assert!(preview.body.contains("まだ公開していません") && preview.body.contains(WHAT), "{}", preview.body);
    assert_eq!(preview.body.matches("src=\"data:image/jpeg;base64,/9j/").count(), 1, "{}", preview.body);
    assert_eq!((hall.photo_copies.ids().len(), stored(&hall, &at).release), (0, None), "nothing is kept before");

    let edited = step(&editor, &preview, "edit", &[]).await;
    let sent = |page: &Seen| form_of(page).untouched().into_iter().collect::<BTreeSet<_>>();
    assert_eq!(sent(&edited), sent(&preview), "what was typed comes back");
    let again = step(&editor, &edited, "preview", &[]).await;
    let done = step(&editor, &again, "publish", &[]).await;
    assert_eq!(done.location(), format!("{at}?done=released"), "{}", done.body);
    let seen = stored(&hall, &at).public().unwrap();
    let [shown] = seen.release.photos.as_slice() else { panic!("{:?}", seen.release) };
    assert_eq!(
        (&shown.of, shown.areas.as_slice()),
        (&photo_id(2), [Area::new(100, 200, 300, 400).unwrap()].as_slice())
    );
    assert_eq!(hall.photo_copies.ids(), std::slice::from_ref(&shown.copy));
    let all = serde_json::to_string(&seen).unwrap();
    assert!(all.contains(WHAT) && !all.contains(SECRET) && !all.contains(LINE_ID), "{all}");
    let page = editor.get(&at).await.body;
    let copy = format!("https://pictures.example/released/{}", shown.copy.as_str());
    for said in ["公開中", WHAT, "一般に公開しました。", &copy] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let acts = hall.staff.acts();
    let released: Vec<_> = acts.iter().filter(|act| act.action == Action::ReleaseReport).collect();
    assert!(released.len() == 1 && !released[0].after.contains(WHAT), "{acts:?}");
}

#[tokio::test]
async fn what_is_marked_anew_or_hidden_leaves_no_copy() {
    let hall = hall();
    let at = photographed(&hall).await;
    let editor = hall.signed_in("aoki").await;
    let plain = [("release-photo", "photo-1"), ("release-photo", "photo-2")];
    assert_eq!(release(&editor, &at, &plain).await.status, StatusCode::SEE_OTHER);
    let first = hall.photo_copies.ids();
    assert_eq!(first.len(), 2);
    let whole = clean(FILE).unwrap().large;
    let page = editor.get(&format!("{at}/release")).await;
    let marked = [("release-photo", "photo-1"), ("release-areas-photo-1", "0 0 100 100")];
    let preview = step(&editor, &page, "preview", &marked).await;
    let done = step(&editor, &preview, "publish", &[]).await;
    assert_eq!(done.location(), format!("{at}?done=released"), "{}", done.body);
    let [copy] = hall.photo_copies.ids().try_into().unwrap();
    assert!(!first.contains(&copy), "another marking is another copy");
    let copied = hall.photo_copies.copy(&copy).unwrap().original;
    assert!(copied.len() * 2 < whole.len(), "a few colours take few bytes: {} of {}", copied.len(), whole.len());

    let page = editor.get(&format!("{at}/release")).await;
    let form = form_of(&page);
    let field = |name: &str| form.fields.iter().find(|field| field.name == name).unwrap().values.clone();
    assert_eq!(
        (field("release-photo"), field("release-areas-photo-1")),
        (vec!["photo-1".into()], vec!["0 0 100 100".into()])
    );
    assert_eq!(hide(&editor, &page).await.location(), format!("{at}?done=hidden"));
    assert_eq!(hide(&editor, &page).await.location(), format!("{at}?done=hidden"), "twice is once");
    assert_eq!((hall.photo_copies.ids().len(), stored(&hall, &at).public()), (0, None));
    assert_eq!(hall.staff.acts().iter().filter(|act| act.action == Action::HideReport).count(), 1);
    assert!(editor.get(&at).await.body.contains("公開していません"));
}

#[tokio::test]
async fn a_double_click_releases_once() {
    let hall = hall();
    let at = photographed(&hall).await;
    let editor = hall.signed_in("aoki").await;
    let page = editor.get(&format!("{at}/release")).await;
    let preview = step(&editor, &page, "preview", &[("release-photo", "photo-1")]).await;
    for _ in 0..2 {
        let done = step(&editor, &preview, "publish", &[]).await;
        assert_eq!(done.location(), format!("{at}?done=released"), "{}", done.body);
    }
    assert_eq!((hall.photo_copies.ids().len(), stored(&hall, &at).history.len()), (1, 2));
    let other = step(&editor, &preview, "publish", &[("release-what", "べつのこと")]).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "other words are another release");
}

#[tokio::test]
async fn mistakes_are_said_and_nothing_typed_is_lost() {
    let hall = hall();
    let at = photographed(&hall).await;
    let editor = hall.signed_in("aoki").await;
    let long = "あ".repeat(201);
    for (name, value, said) in [
        ("release-what", " ", "内容を入力してください。"),
        ("release-what", long.as_str(), "200文字までで"),
        ("release-place", long.as_str(), "200文字までで"),
        ("release-outcome", long.as_str(), "200文字までで"),
        ("release-areas-photo-1", "10 20 90.1 10", "1行に1か所ずつ"),
        ("release-areas-photo-1", &"1 1 1 1\n".repeat(31), "30か所まで"),
        ("release-photo", "photo-9", "この写真は公開できません"),
        ("release-photo", "photo-3", "この写真は公開できません"),
    ] {
        let page = editor.get(&format!("{at}/release")).await;
        for to in ["preview", "publish"] {
            let fields = [("release-photo", "photo-1"), (name, value)];
            let fields = if name == "release-photo" { &fields[1..] } else { &fields[..] };
            let sent = step(&editor, &page, to, fields).await;
            assert!(sent.status.is_client_error() && sent.body.contains(said), "{name} {value}: {}", sent.body);
            let is_typed = name != "release-photo";
            assert!(!is_typed || sent.body.contains(value.trim_end()), "{name} {value}: {}", sent.body);
        }
    }
    assert_eq!((stored(&hall, &at).release, hall.photo_copies.ids().len()), (None, 0));
    let page = editor.get(&format!("{at}/release")).await;
    assert_eq!(step(&editor, &page, "explode", &[]).await.status, StatusCode::BAD_REQUEST);
    let evil = step(&editor, &page, "preview", &[("release-what", EVIL)]).await;
    assert!(!evil.body.contains(EVIL), "{}", evil.body);
}

#[tokio::test]
async fn the_second_of_two_releases_nothing_unseen() {
    let hall = hall();
    let at = photographed(&hall).await;
    let (one, other) = (hall.signed_in("aoki").await, hall.signed_in("baba").await);
    let page = other.get(&format!("{at}/release")).await;
    let preview = step(&other, &page, "preview", &[("release-what", WHAT), ("release-photo", "photo-1")]).await;
    act(&one, &at, "note", &[("report-note", "写真に表札が写っている。")]).await;
    let late = step(&other, &preview, "publish", &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    for said in ["その間に、この報告が変わりました", "写真に表札が写っている。", WHAT] {
        assert!(late.body.contains(said), "{said}: {}", late.body);
    }
    assert_eq!((stored(&hall, &at).release, hall.photo_copies.ids().len()), (None, 0));
    let preview = step(&other, &late, "preview", &[]).await;
    let done = step(&other, &preview, "publish", &[]).await;
    assert_eq!(done.location(), format!("{at}?done=released"), "what was typed is sent from there: {}", done.body);
}

#[tokio::test]
async fn what_a_resident_takes_back_is_not_released() {
    let hall = hall();
    let at = photographed(&hall).await;
    let editor = hall.signed_in("aoki").await;
    let page = editor.get(&format!("{at}/release")).await;
    let preview = step(&editor, &page, "preview", &[("release-photo", "photo-1")]).await;
    withdraw(&*hall.reports, &*hall.report_jobs, &photo_id(1)).await.unwrap();
    let late = step(&editor, &preview, "publish", &[]).await;
    assert!(late.status == StatusCode::CONFLICT && late.body.contains("この写真は公開できません"), "{}", late.body);
    assert_eq!((stored(&hall, &at).release, hall.photo_copies.ids().len()), (None, 0));
}

#[tokio::test]
async fn a_duplicate_cannot_be_released_but_hidden() {
    let hall = hall();
    let (at, other) = (photographed(&hall).await, filed(&hall, "other", "light").await);
    let editor = hall.signed_in("aoki").await;
    assert_eq!(release(&editor, &at, &[("release-photo", "photo-1")]).await.status, StatusCode::SEE_OTHER);
    let (mut one, mut kept) = (stored(&hall, &at), stored(&hall, &other));
    one.merge_into(&mut kept, &"aoki".parse().unwrap(), hall.clock.now()).unwrap();
    let read = hall.reports.find(&id_of(&at)).await.unwrap();
    hall.reports.put(&one, read.as_ref(), None).await.unwrap();
    assert!(editor.get(&at).await.body.contains("公開のページには出ていません"));
    let refused = release(&editor, &at, &[("release-what", "べつのこと")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert_eq!(hall.photo_copies.ids().len(), 1, "what is refused erases nothing");
    let page = editor.get(&format!("{at}/release")).await;
    assert_eq!(hide(&editor, &page).await.location(), format!("{at}?done=hidden"));
    assert_eq!(hall.photo_copies.ids().len(), 0);
}

#[tokio::test]
async fn a_reader_sees_what_is_out_and_cannot_change_it() {
    let hall = hall();
    let at = filed(&hall, "first", "light").await;
    let release = Deed::Release(domain::report::release::Release {
        at: hall.clock.now(),
        what: WHAT.to_owned(),
        place: String::new(),
        outcome: String::new(),
        photos: Vec::new(),
        taken_back: Vec::new(),
    });
    let mut released = stored(&hall, &at);
    released.act(release, &"aoki".parse().unwrap(), hall.clock.now()).unwrap();
    let read = hall.reports.find(&id_of(&at)).await.unwrap();
    hall.reports.put(&released, read.as_ref(), None).await.unwrap();
    let chiba = hall.signed_in("chiba").await;
    let page = chiba.get(&at).await.body;
    assert!(page.contains(WHAT) && page.contains("公開中") && !page.contains("/release"), "{page}");
    let kept = filed(&hall, "second", "light").await;
    let (all, shown) = (chiba.get("/reports").await.body, chiba.get("/reports?public=yes").await.body);
    assert!(all.contains(&at) && all.contains(&kept), "{all}");
    assert!(shown.contains(&at) && !shown.contains(&kept), "{shown}");
}
