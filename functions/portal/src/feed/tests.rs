//! The feed, as an XML parser that knows nothing of us reads it.

use app::broadcast::public::Link;
use app::ports::PictureUrls;
use roxmltree::{Document, Node};

use super::*;

const ATOM: &str = "http://www.w3.org/2005/Atom";
const EVIL: &str = "]]></title></feed><script>alert('&amp;\"')</script>\u{0}\u{b}\u{ffff}";
/// What is left of it in XML.
const TAME: &str = "]]></title></feed><script>alert('&amp;\"')</script>";

fn town(name: &str) -> Town {
    let mut town = Town::default();
    name.clone_into(&mut town.profile.name);
    town
}

fn published(id: &str, began: &str, says: Vec<Said>) -> Published {
    let (id, began) = (id.parse().unwrap(), began.parse().unwrap());
    Published { id, began, department: "防災課".to_owned(), language: Language::Japanese, says }
}

fn text(text: &str) -> Vec<Said> {
    vec![Said::Text(text.to_owned())]
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Node<'a, 'a> {
    let found: Vec<_> = node.children().filter(|child| child.has_tag_name((ATOM, name))).collect();
    assert_eq!(found.len(), 1, "{name} is there once");
    found[0]
}

fn read<'a>(node: Node<'a, 'a>, name: &str) -> &'a str {
    child(node, name).text().unwrap_or_default()
}

fn entries<'a>(document: &'a Document<'a>) -> Vec<Node<'a, 'a>> {
    document.root_element().children().filter(|child| child.has_tag_name((ATOM, "entry"))).collect()
}

/// What RFC 4287 asks of every feed and entry (4.1.1, 4.1.2).
fn assert_atom(document: &Document<'_>) {
    let feed = document.root_element();
    assert!(feed.has_tag_name((ATOM, "feed")));
    for node in std::iter::once(feed).chain(entries(document)) {
        assert!(read(node, "id").starts_with("urn:uuid:"), "{}", read(node, "id"));
        assert!(!read(node, "title").is_empty());
        let updated: Timestamp = read(node, "updated").parse().unwrap();
        assert_eq!(read(node, "updated"), updated.to_string(), "RFC 3339");
        assert!(child(node, "author").children().any(|name| name.has_tag_name((ATOM, "name"))));
    }
    let known = ["id", "title", "updated", "published", "link", "author", "content", "entry", "name", "feed"];
    for node in document.descendants().filter(Node::is_element) {
        assert!(known.contains(&node.tag_name().name()), "{:?}", node.tag_name());
    }
}

#[test]
fn an_independent_reader_finds_what_was_sent_under_ids_that_stay() {
    let sent = [
        published("0199aaaa-0000-7000-8000-000000000002", "2026-11-21T03:00:00.789Z", text("断水\n13時から")),
        published("spring-2026", "2026-11-20T03:00:00Z", text("お祭り")),
    ];
    let xml = feed(&town("みどり市"), Language::Japanese, "https://portal.example", &sent);
    let document = Document::parse(&xml).unwrap();
    assert_atom(&document);
    let root = document.root_element();
    assert_eq!((read(root, "title"), read(root, "updated")), ("お知らせ｜みどり市", "2026-11-21T03:00:00Z"));
    let links: Vec<_> = root
        .children()
        .filter(|child| child.has_tag_name((ATOM, "link")))
        .map(|link| (link.attribute("rel").unwrap(), link.attribute("href").unwrap()))
        .collect();
    assert_eq!(links, [("self", "https://portal.example/news.atom"), ("alternate", "https://portal.example/news")]);
    let found = entries(&document);
    let ids: Vec<_> = found.iter().map(|entry| read(*entry, "id")).collect();
    assert_eq!(ids[0], "urn:uuid:0199aaaa-0000-7000-8000-000000000002");
    assert_eq!((read(found[0], "title"), read(found[0], "content")), ("断水", "<p>断水<br>13時から</p>"));
    assert_eq!(child(found[0], "content").attribute("type"), Some("html"));
    // The same again, a year later and on another host.
    let again = feed(&town("みどり市"), Language::Japanese, "https://other.example", &sent);
    let again = Document::parse(&again).unwrap();
    assert_eq!(entries(&again).into_iter().map(|entry| read(entry, "id")).collect::<Vec<_>>(), ids);
    assert_eq!(read(again.root_element(), "id"), read(root, "id"));
    assert_eq!(ids[1], "urn:uuid:dd5910c7-9574-5f76-944a-889448cab3e0");
}

#[test]
fn feeds_of_two_towns_and_two_languages_are_not_one() {
    let id = |name: &str, language| {
        let xml = feed(&town(name), language, "https://portal.example", &[]);
        let document = Document::parse(&xml).unwrap();
        assert_atom(&document);
        read(document.root_element(), "id").to_owned()
    };
    let ids =
        [id("みどり市", Language::Japanese), id("みどり市", Language::English), id("あおば市", Language::Japanese)];
    assert!(ids[0] != ids[1] && ids[0] != ids[2] && ids[1] != ids[2]);
}

#[test]
fn nothing_that_was_typed_becomes_markup() {
    let link = Link { label: EVIL.to_owned(), address: format!("https://a.example/{EVIL}") };
    let urls = PictureUrls { original: EVIL.to_owned(), preview: EVIL.to_owned() };
    let says = vec![
        Said::Buttons { title: EVIL.to_owned(), text: EVIL.to_owned(), links: vec![link] },
        Said::Picture(urls),
        Said::Text(EVIL.to_owned()),
    ];
    let sent = Published { department: EVIL.to_owned(), ..published("a", "2026-11-21T03:00:00Z", says) };
    let xml = feed(&town(EVIL), Language::Japanese, "https://evil.example/\"><x", &[sent]);
    let document = Document::parse(&xml).unwrap();
    assert_atom(&document);
    let found = entries(&document);
    assert_eq!(read(found[0], "title"), TAME);
    assert_eq!(child(child(found[0], "author"), "name").text(), Some(TAME));
    let html = read(found[0], "content");
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
    // Inside of it, too, only our own elements: it is HTML, but closed, but for `br` and `img`.
    let closed = html.replace("<br>", "").replace("loading=\"lazy\">", "loading=\"lazy\"/>");
    let html = format!("<div>{closed}</div>");
    let inner = Document::parse(&html).unwrap();
    let names: Vec<_> = inner.descendants().filter(Node::is_element).map(|node| node.tag_name().name()).collect();
    assert_eq!(names, ["div", "h3", "p", "ul", "li", "a", "p", "a", "img", "p"]);
}

#[test]
fn a_title_is_the_first_line_that_says_something() {
    let title_of = |says| title(&published("a", "2026-11-21T03:00:00Z", says));
    let urls = PictureUrls { original: String::new(), preview: String::new() };
    assert_eq!(
        title_of(vec![Said::Picture(urls.clone()), Said::Text("\n \n 断水です \n夜まで".to_owned())]),
        "断水です"
    );
    let buttons = |title: &str, text: &str| {
        vec![Said::Buttons { title: title.to_owned(), text: text.to_owned(), links: Vec::new() }]
    };
    assert_eq!((title_of(buttons("題", "文")), title_of(buttons("", "文"))), ("題".to_owned(), "文".to_owned()));
    assert_eq!(title_of(vec![Said::Picture(urls)]), "お知らせ");
    assert_eq!(title_of(text(&"あ".repeat(60))), "あ".repeat(60));
    assert_eq!(title_of(text(&"あ".repeat(61))), format!("{}…", "あ".repeat(60)));
}
