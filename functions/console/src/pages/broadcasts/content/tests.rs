//! The form, as a browser without scripts uses it: typed, pressed, sent, and shown again.

use std::sync::Mutex;

use app::error::Error;
use app::pictures::Picture;
use app::ports::{PictureAddresses, PictureUrls};
use async_trait::async_trait;

use super::*;
use crate::kit::testing::{EVIL, assert_labelled, assert_tame, tags};

const JA: Language = Language::Japanese;

fn placeholders() -> Placeholders {
    Placeholders { town: "みどり市".to_owned(), phone: "000-000-0001".to_owned(), ..Placeholders::default() }
}

fn shown(placeholders: &Placeholders) -> Shown<'_> {
    Shown { placeholders, earnest: Earnest::Real, languages: &Language::ALL }
}

fn rendered(form: &ContentForm, errors: &Errors) -> maud::Markup {
    fields(form, &shown(&placeholders()), errors)
}

/// What a browser sends of a page: every field with what stands in it, and the button that was pressed.
fn sent(page: &maud::Markup, pressed: &str) -> Fields {
    let html = &page.0;
    let mut pairs = vec![(DO.to_owned(), pressed.to_owned())];
    let mut selected = None;
    for tag in tags(html) {
        let (name, value) = (tag.get("name").map(unescaped), tag.get("value").map(unescaped));
        match (tag.name.as_str(), name) {
            ("input", Some(name)) if tag.get("type") != Some("file") => pairs.push((name, value.unwrap_or_default())),
            ("select", name) => selected = name,
            ("option", _) if tag.has("selected") => pairs.extend(selected.take().zip(value)),
            ("textarea", Some(name)) => {
                let (_, rest) = html.split_once(&format!(r#"name="{name}" rows"#)).unwrap();
                let (_, rest) = rest.split_once(">\n").unwrap();
                pairs.push((name, unescaped(rest.split_once("</textarea>").unwrap().0)));
            }
            _ => {}
        }
    }
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    Fields::parse(body.as_bytes())
}

fn unescaped(html: &str) -> String {
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// The form after a button was pressed in a browser.
fn after(form: &ContentForm, pressed: &str) -> ContentForm {
    let page = rendered(form, &Errors::default());
    assert!(page.0.contains(&format!(r#"value="{pressed}""#)), "there is no button {pressed}");
    let sent = sent(&page, pressed);
    let mut form = ContentForm::typed(&sent);
    assert_eq!(form.press(&sent), Pressed::Ours);
    form
}

fn full() -> Content {
    let button = |label: &str, does| Button { label: label.to_owned(), does };
    let messages = vec![
        Message::Text("\n{town}に\n「避難指示」<1> & \"2\"".to_owned()),
        Message::Picture(PictureId::of([9; 32])),
        Message::Buttons {
            title: "避難所".to_owned(),
            text: "お近くへ".to_owned(),
            buttons: vec![
                button("地図", Does::Open("https://example.jp/a?b=1&c=2".to_owned())),
                button("収集日", Does::Say("収集日".to_owned())),
            ],
        },
        Message::Flex { alt: "代わり".to_owned(), contents: r#"{"type":"bubble"}"#.to_owned() },
    ];
    let english = Wording { messages: vec![Message::Text("Hello".to_owned())] };
    Content { wordings: [(JA, Wording { messages }), (Language::English, english)].into() }
}

fn texts(form: &ContentForm) -> Vec<String> {
    form.of_language(JA).map(|typed| typed.text.clone()).collect()
}

fn with_texts(texts: &[&str]) -> ContentForm {
    let messages = texts.iter().map(|text| Message::Text((*text).to_owned())).collect();
    ContentForm::of(&Content { wordings: [(JA, Wording { messages })].into() })
}

#[test]
fn what_is_shown_comes_back_as_it_was() {
    let page = rendered(&ContentForm::of(&full()), &Errors::default());
    assert_labelled(&page);
    let sent = sent(&page, "content:show");
    assert_eq!(ContentForm::typed(&sent).content(), full());
    assert_eq!(ContentForm::typed(&sent).errors(&placeholders(), Earnest::Real), Errors::default());
}

#[test]
fn the_first_button_of_the_form_changes_nothing() {
    let page = rendered(&ContentForm::of(&full()), &Errors::default());
    let first = tags(&page.0).into_iter().find(|tag| tag.name == "button").unwrap();
    assert_eq!((first.get("type"), first.get("value")), (Some("submit"), Some("content:show")));
    assert_eq!(after(&ContentForm::of(&full()), "content:show").content(), full());
}

#[test]
fn a_new_broadcast_begins_with_an_empty_text() {
    let form = ContentForm::of(&Content::default());
    assert_eq!(texts(&form), [""]);
    assert!(!form.errors(&placeholders(), Earnest::Real).is_empty());
}

#[test]
fn messages_are_added_up_to_five() {
    let mut form = ContentForm::of(&Content::default());
    for kind in ["text", "picture", "buttons", "flex"] {
        form = after(&form, &format!("content:add:ja:{kind}"));
    }
    let kinds: Vec<Kind> = form.of_language(JA).map(|typed| typed.kind).collect();
    assert_eq!(kinds, [Kind::Text, Kind::Text, Kind::Picture, Kind::Buttons, Kind::Flex]);
    let page = rendered(&form, &Errors::default());
    assert!(!page.0.contains("content:add:ja:"), "there is no room for a sixth");
    assert!(page.0.contains("content:add:ja-easy:text"));
    // Nor does one come in by a button that was left on an old page.
    assert_eq!(form.press(&sent(&page, "content:add:ja:text")), Pressed::Ours);
    assert_eq!(form.of_language(JA).count(), 5);
}

#[test]
fn messages_move_and_go_and_other_languages_stay() {
    let form = with_texts(&["一", "二", "三"]);
    let form = after(&form, "content:add:en:text");
    assert_eq!(texts(&after(&form, "content:up:ja:1")), ["二", "一", "三"]);
    assert_eq!(texts(&after(&form, "content:down:ja:1")), ["一", "三", "二"]);
    assert_eq!(texts(&after(&form, "content:remove:ja:0")), ["二", "三"]);
    for pressed in ["content:up:ja:1", "content:remove:ja:2"] {
        assert_eq!(after(&form, pressed).of_language(Language::English).count(), 1);
    }
    let page = rendered(&form, &Errors::default());
    assert!(!page.0.contains("content:up:ja:0") && !page.0.contains("content:down:ja:2"));
}

#[test]
fn buttons_of_others_and_nonsense_change_nothing() {
    let form = with_texts(&["一", "二"]);
    let page = rendered(&form, &Errors::default());
    for (pressed, whose) in [
        ("", Pressed::Others),
        ("save", Pressed::Others),
        ("add-row:0", Pressed::Others),
        ("content", Pressed::Ours),
        ("content:remove:ja:7", Pressed::Ours),
        ("content:remove:ja:-1", Pressed::Ours),
        ("content:remove:fr:0", Pressed::Ours),
        ("content:up:ja:0", Pressed::Ours),
        ("content:down:ja:1", Pressed::Ours),
        ("content:add:ja:hologram", Pressed::Ours),
    ] {
        let mut pressed_form = form.clone();
        assert_eq!((pressed_form.press(&sent(&page, pressed)), &pressed_form), (whose, &form), "{pressed}");
    }
}

#[test]
fn a_problem_stands_at_its_field_and_leads_there() {
    let mut form = ContentForm::of(&full());
    // A picture without a file before the message with the problems: fields and messages count differently now.
    form.messages.insert(0, (JA, Typed { kind: Kind::Picture, ..Typed::default() }));
    form.messages[1].1.text = "{nothing}".to_owned();
    // The first row of buttons is empty: the problem is in the second button, which stands in the third row.
    let rows = &mut form.messages[3].1.buttons;
    rows.rotate_right(1);
    rows[2].does = "javascript:alert(1)".to_owned();
    form.messages[4].1.json = r#"{"type":"bubble","hero":{"type":"image","url":"http://a"}}"#.to_owned();
    let errors = form.errors(&placeholders(), Earnest::Real);
    for (field, part) in
        [("ja-0-file", words::NO_PICTURE), ("ja-1-text", "「{nothing}」"), ("ja-4-json", "スマートフォンで開けません")]
    {
        assert!(errors.of(field).unwrap_or_default().contains(part), "{field} in {errors:?}");
    }
    // What is said in a resident's name may be anything; the same as an address may not.
    assert_eq!(errors.of("ja-3-does2"), None);
    form.messages[3].1.buttons[2].way = Way::Open;
    let errors = form.errors(&placeholders(), Earnest::Real);
    assert!(errors.of("ja-3-does2").is_some());
    let page = maud::html! { (crate::kit::error_summary(&errors)) (rendered(&form, &errors)) };
    assert_labelled(&page);
    let html = &page.0;
    assert!(html.contains("日本語 5通目 Flex MessageのJSONの「hero.url」"), "{html}");
    for href in tags(html).iter().filter_map(|tag| tag.get("href")) {
        assert!(html.contains(&format!(r#"id="{}""#, &href[1..])), "{href} leads nowhere");
    }
}

#[test]
fn problems_of_whole_wordings_and_messages_lead_somewhere_too() {
    let none = ContentForm::default();
    let mut bare = with_texts(&["一"]);
    bare.messages[0].1.kind = Kind::Buttons;
    for (form, field) in [(none, "ja"), (bare, "ja-0")] {
        let errors = form.errors(&placeholders(), Earnest::Real);
        assert!(errors.of(field).is_some(), "{errors:?}");
        assert!(rendered(&form, &errors).0.contains(&format!(r#"id="f-{field}""#)));
    }
}

#[test]
fn a_layout_is_read_line_by_line_and_kept_without_them() {
    let form = ContentForm::of(&full());
    let shown = rendered(&form, &Errors::default());
    assert!(shown.0.contains("{\n  &quot;type&quot;: &quot;bubble&quot;\n}"), "{}", shown.0);
    assert_eq!(ContentForm::typed(&sent(&shown, "")).content(), full());
}

#[test]
fn what_cannot_be_kept_for_its_size_is_told_at_the_largest_message() {
    let mut form = with_texts(&["一", "二"]);
    let mut errors = Errors::default();
    form.add_size(&mut errors);
    assert!(errors.is_empty());
    form.messages[1].1.text = "x".repeat(225_000);
    form.add_size(&mut errors);
    assert!(errors.of("ja-1").unwrap_or_default().contains("225,000バイトまで"), "{errors:?}");
}

#[test]
fn only_who_looks_is_told_what_is_wrong() {
    let page = rendered(&with_texts(&["一"]), &Errors::default());
    for (pressed, looks) in
        [("content:show", true), ("content:show:ja:", true), ("content:add:ja:text", false), ("save", false)]
    {
        assert_eq!(ContentForm::is_looked_at(&sent(&page, pressed)), looks, "{pressed}");
    }
}

#[test]
fn a_drill_of_five_pictures_has_no_room_for_its_stamp() {
    let pictures = vec![Message::Picture(PictureId::of([9; 32])); 5];
    let form = ContentForm::of(&Content { wordings: [(JA, Wording { messages: pictures })].into() });
    assert!(form.errors(&placeholders(), Earnest::Real).is_empty());
    assert!(form.errors(&placeholders(), Earnest::Drill).of("ja").unwrap().contains("4つまで"));
}

#[test]
fn the_phone_shows_what_goes_out_and_follows_the_field() {
    let form = with_texts(&["{town}です"]);
    let page = rendered(&form, &Errors::default()).0;
    assert!(page.contains(r#"data-for="f-ja-0-text""#) && page.contains(">みどり市です</p>"), "{page}");
    let placeholders = placeholders();
    let drill = Shown { earnest: Earnest::Drill, ..shown(&placeholders) };
    let page = fields(&form, &drill, &Errors::default()).0;
    assert!(page.contains("【訓練】これは訓練です。\nみどり市です</p>"), "{page}");
    assert!(!page.contains("data-preview"), "what is typed would push the stamp out of sight");
}

#[test]
fn a_stamp_before_all_does_not_shift_what_follows() {
    let mut form = with_texts(&["一"]);
    form.messages.insert(0, (JA, Typed { kind: Kind::Picture, ..Typed::default() }));
    let page = rendered(&form, &Errors::default());
    assert_labelled(&page);
    assert!(page.0.contains(r#"data-for="f-ja-1-text""#), "{}", page.0);
}

#[test]
fn nothing_breaks_out() {
    let evil = || EVIL.to_owned();
    let typed = |kind| Typed {
        kind,
        text: evil(),
        title: evil(),
        alt: evil(),
        json: evil(),
        buttons: std::array::from_fn(|_| TypedButton { label: evil(), way: Way::Say, does: evil() }),
        picture: None,
    };
    let form = ContentForm { messages: Kind::ALL.map(|kind| (JA, typed(kind))).to_vec() };
    let evil = Placeholders { town: evil(), phone: evil(), ..Placeholders::default() };
    let mut errors = form.errors(&evil, Earnest::Real);
    errors.add("ja", EVIL);
    assert_tame(&fields(&form, &shown(&evil), &errors));
}

#[derive(Default)]
struct Kept(Mutex<Vec<(PictureId, Picture)>>);

#[async_trait]
impl Pictures for Kept {
    async fn keep(&self, id: &PictureId, picture: &Picture) -> Result<(), Error> {
        self.0.lock().unwrap().push((id.clone(), picture.clone()));
        Ok(())
    }

    async fn preview(&self, id: &PictureId) -> Result<Option<Vec<u8>>, Error> {
        let kept = self.0.lock().unwrap();
        Ok(kept.iter().find(|(of, _)| of == id).map(|(_, picture)| picture.preview.clone()))
    }
}

impl PictureAddresses for Kept {
    fn urls(&self, _: &PictureId) -> PictureUrls {
        unreachable!("the form needs no addresses")
    }
}

struct Sevens;

impl Chance for Sevens {
    fn bytes(&self) -> [u8; 32] {
        [7; 32]
    }
}

fn upload(field: &str, bytes: &'static [u8]) -> Upload {
    Upload { field: field.to_owned(), file_name: "a.png".to_owned(), bytes: Bytes::from_static(bytes) }
}

/// A grey pixel.
const PNG: &[u8] = b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\
    \x08\x00\x00\x00\x00\x3a\x7e\x9b\x55\x00\x00\x00\x0a\x49\x44\x41\x54\x78\xda\x63\x68\x00\x00\x00\
    \x82\x00\x81\xda\x45\x08\x3b\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

#[tokio::test]
async fn an_uploaded_picture_comes_into_its_message() {
    let kept = Kept::default();
    let mut form = after(&with_texts(&["一"]), "content:add:ja:picture");
    let errors = receive(&mut form, Some(&upload("ja-1-file", PNG)), &kept, &Sevens).await.unwrap();
    assert!(errors.is_empty(), "{errors:?}");
    let id = PictureId::of([7; 32]);
    assert_eq!(form.content().wordings[&JA].messages[1], Message::Picture(id.clone()));
    // It is still there after the next button, and can be seen.
    assert_eq!(after(&form, "content:up:ja:1").content().wordings[&JA].messages[0], Message::Picture(id.clone()));
    assert!(rendered(&form, &Errors::default()).0.contains(&format!(r#"src="{}""#, picture_path(&id))));
    let kept: Arc<dyn Pictures> = Arc::new(kept);
    let Ok(Answer::Raw(answer)) = picture(&kept, id.as_str()).await else { panic!("no picture") };
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    assert!(answer.body().starts_with(b"\xff\xd8\xff"));
    for unknown in ["", "../../secret", &"8".repeat(64)] {
        assert!(matches!(picture(&kept, unknown).await, Err(Failure::NotFound)), "{unknown}");
    }
}

#[tokio::test]
async fn what_is_no_picture_is_told_at_its_field_and_the_one_before_stays() {
    let kept = Kept::default();
    let mut form = ContentForm::of(&full());
    let errors = receive(&mut form, Some(&upload("ja-1-file", b"%PDF-1.7")), &kept, &Sevens).await.unwrap();
    assert_eq!(errors.of("ja-1-file"), Some(words::OTHER_FORMAT));
    // No file was chosen, or one came for a field that is none for pictures.
    for nothing in [None, Some(upload("ja-1-file", b"")), Some(upload("ja-0-file", PNG)), Some(upload("x", PNG))] {
        assert!(receive(&mut form, nothing.as_ref(), &kept, &Sevens).await.unwrap().is_empty());
    }
    assert_eq!(form.content(), full());
    assert!(kept.0.lock().unwrap().is_empty());
}
