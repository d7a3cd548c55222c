//! What every part must hold, checked over its HTML: nothing breaks out, everything is labelled.

use std::collections::BTreeSet;

use maud::Markup;

/// A text that tries to break out of an element and of an attribute.
pub(crate) const EVIL: &str = r#""><script>alert('x')</script><p style="color:red" onclick='x' a="&"#;

/// One opening tag: its name and attributes as they stand (`None` for one without value).
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, Option<String>)>,
}

impl Tag {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_deref())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(known, _)| known == name)
    }
}

/// The opening tags of HTML as maud writes it: attributes in double quotes, `<` and `>` nowhere but around tags.
pub(crate) fn tags(html: &str) -> Vec<Tag> {
    html.split('<')
        .skip(1)
        .filter_map(|piece| piece.split_once('>'))
        .map(|(tag, _)| tag)
        .filter(|tag| !tag.starts_with(['/', '!']))
        .map(|tag| {
            let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
            let mut attributes = Vec::new();
            while !rest.trim_start().is_empty() {
                rest = rest.trim_start();
                let end = rest.find([' ', '=']).unwrap_or(rest.len());
                let (key, after) = rest.split_at(end);
                let value = after.strip_prefix("=\"").and_then(|after| after.split_once('"'));
                attributes.push((key.to_owned(), value.map(|(value, _)| value.to_owned())));
                rest = value.map_or(after, |(_, after)| after);
            }
            Tag { name: name.to_owned(), attributes }
        })
        .collect()
}

/// Nothing of [`EVIL`] became an element or an attribute.
#[track_caller]
pub(crate) fn assert_tame(markup: &Markup) {
    let html = &markup.0;
    assert!(html.contains("&lt;script&gt;"), "the text is not in {html}");
    for tag in tags(html) {
        assert!(tag.name != "script" || tag.has("src"), "a script in {html}");
        for (name, _) in &tag.attributes {
            assert!(name != "style" && !name.starts_with("on") && name != "a", "{name} in <{}> of {html}", tag.name);
        }
    }
}

/// Every id is there once, every reference leads to one, and every control has a name.
#[track_caller]
pub(crate) fn assert_labelled(markup: &Markup) {
    let html = &markup.0;
    let tags = tags(html);
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.get("id")) {
        assert!(ids.insert(id), "the id {id} twice in {html}");
    }
    let labelled: BTreeSet<&str> = tags.iter().filter_map(|tag| tag.get("for")).collect();
    for tag in &tags {
        for reference in ["for", "aria-describedby", "aria-labelledby", "aria-controls", "data-for"] {
            for id in tag.get(reference).unwrap_or_default().split(' ').filter(|id| !id.is_empty()) {
                assert!(ids.contains(id), "{reference}={id} leads nowhere in {html}");
            }
        }
        let control = matches!(tag.name.as_str(), "input" | "select" | "textarea") && tag.get("type") != Some("hidden");
        if control {
            let named = tag.get("id").is_some_and(|id| labelled.contains(id)) || tag.has("aria-labelledby");
            assert!(named, "a <{}> without a label in {html}", tag.name);
        }
    }
}

#[test]
fn the_reader_of_tags_sees_attributes() {
    let found = tags(r#"<p class="a b" hidden data-x=""><br></p>"#);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].get("class"), Some("a b"));
    assert!(found[0].has("hidden") && found[0].get("data-x") == Some(""));
    assert!(found[1].name == "br" && found[1].attributes.is_empty());
}

#[test]
#[should_panic(expected = "a script in")]
fn a_script_would_be_seen() {
    assert_tame(&maud::PreEscaped(format!("&lt;script&gt;<p>{EVIL}</p>")));
}

#[test]
#[should_panic(expected = "leads nowhere")]
fn a_dead_reference_would_be_seen() {
    assert_labelled(&maud::PreEscaped(r#"<p aria-describedby="a"></p>"#.to_owned()));
}

#[test]
#[should_panic(expected = "without a label")]
fn a_nameless_field_would_be_seen() {
    assert_labelled(&maud::PreEscaped(r#"<input id="a" name="a">"#.to_owned()));
}
