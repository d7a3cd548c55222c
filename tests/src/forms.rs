//! The forms of a page as a browser sees them: where they go, their fields, and what is sent when nothing is touched.

/// What a field is to the person at the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Not seen; the page's own.
    Hidden,
    /// Text of any kind.
    Typed,
    /// One or more of what is offered.
    Chosen,
    /// A file.
    File,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What is sent when nobody touches it: nothing for boxes of which none is ticked, each for boxes of which several are.
    pub values: Vec<String>,
    /// The values that are offered, for [`Kind::Chosen`].
    pub offered: Vec<String>,
}

/// A form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// `get` or `post`.
    pub method: String,
    /// Where it goes.
    pub action: String,
    /// Its fields, each name once.
    pub fields: Vec<Field>,
    /// The names and values of its buttons that have one.
    pub buttons: Vec<(String, String)>,
}

impl Form {
    /// What is sent when nobody touches anything.
    #[must_use]
    pub fn untouched(&self) -> Vec<(String, String)> {
        let sent = self.fields.iter().filter(|field| field.kind != Kind::File);
        sent.flat_map(|field| field.values.iter().map(|value| (field.name.clone(), value.clone()))).collect()
    }

    /// The names of the fields of a kind.
    pub fn named(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |field| field.kind == kind).map(|field| field.name.as_str())
    }

    /// Whether it has a button of this name.
    #[must_use]
    pub fn has_button(&self, name: &str) -> bool {
        self.buttons.iter().any(|(known, _)| known == name)
    }

    fn put(&mut self, name: &str, kind: Kind, value: Option<&str>, offered: Option<&str>) {
        let offered = offered.map(str::to_owned);
        if let Some(known) = self.fields.iter_mut().find(|known| known.name == name) {
            known.offered.extend(offered);
            known.values.extend(value.map(str::to_owned));
            return;
        }
        let (name, values) = (name.to_owned(), value.map(str::to_owned).into_iter().collect());
        self.fields.push(Field { name, kind, values, offered: offered.into_iter().collect() });
    }
}

/// The forms of a page of ours, in which `<`, `>` and `"` stand nowhere but around tags and values.
#[must_use]
pub fn forms(page: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut selecting = String::new();
    for piece in page.split('<').skip(1) {
        let Some((tag, text)) = piece.split_once('>') else { continue };
        let element = tag.split([' ', '/']).next().unwrap_or_default();
        if element == "form" {
            let [method, action] = ["method", "action"].map(|name| attribute(tag, name).unwrap_or_default());
            forms.push(Form { method, action, ..Form::default() });
        }
        let Some(form) = forms.last_mut() else { continue };
        let name = attribute(tag, "name").unwrap_or_default();
        let value = attribute(tag, "value");
        match element {
            "input" => {
                let is_checked = tag.ends_with(" checked") || tag.contains(" checked ");
                match attribute(tag, "type").as_deref() {
                    Some("hidden") => form.put(&name, Kind::Hidden, value.as_deref(), None),
                    Some("file") => form.put(&name, Kind::File, None, None),
                    Some("radio" | "checkbox") => {
                        form.put(&name, Kind::Chosen, value.as_deref().filter(|_| is_checked), value.as_deref());
                    }
                    _ => form.put(&name, Kind::Typed, Some(value.as_deref().unwrap_or_default()), None),
                }
            }
            "textarea" => {
                // The first line end belongs to the tag.
                let text = unescaped(text.strip_prefix('\n').unwrap_or(text));
                form.put(&name, Kind::Typed, Some(&text), None);
            }
            "select" => {
                form.put(&name, Kind::Chosen, None, None);
                selecting = name;
            }
            "option" => {
                let is_selected = tag.ends_with(" selected");
                form.put(&selecting, Kind::Chosen, value.as_deref().filter(|_| is_selected), value.as_deref());
            }
            "button" if !name.is_empty() => form.buttons.push((name, value.unwrap_or_default())),
            _ => {}
        }
    }
    forms
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(rest.split_once('"')?.0))
}

/// A text of a page as it was before it became HTML.
#[must_use]
pub fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_a_browser_would_send_it() {
        let page = concat!(
            r#"<form method="post" action="/a?b=1&amp;c=2"><input type="hidden" name="csrf" value="T">"#,
            r#"<input class="input" type="text" id="f-name" name="name" value="&quot;山&quot;" required>"#,
            "<textarea name=\"note\">\n\n一&lt;</textarea>",
            r#"<select name="area"><option value="">-</option><option value="x" selected>X</option></select>"#,
            r#"<input type="radio" name="on" value="1"><input type="radio" name="on" value="2" checked>"#,
            r#"<input type="checkbox" name="box" value="yes"><input type="file" name="file">"#,
            r#"<input type="checkbox" name="of" value="a" checked><input type="checkbox" name="of" value="b">"#,
            r#"<input type="checkbox" name="of" value="c" checked>"#,
            r#"<button type="submit" name="do" value="show">見る</button></form>"#,
            r#"<form method="get" action="/b"><input type="search" name="q"></form>"#,
        );
        let found = forms(page);
        let (form, search) = (&found[0], &found[1]);
        assert_eq!((form.method.as_str(), form.action.as_str()), ("post", "/a?b=1&c=2"));
        let sent = [
            ("csrf", "T"),
            ("name", "\"山\""),
            ("note", "\n一<"),
            ("area", "x"),
            ("on", "2"),
            ("of", "a"),
            ("of", "c"),
        ];
        assert_eq!(form.untouched(), sent.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(form.named(Kind::Typed).collect::<Vec<_>>(), ["name", "note"]);
        assert_eq!(form.named(Kind::File).collect::<Vec<_>>(), ["file"]);
        assert_eq!(form.fields[3].offered, ["", "x"]);
        assert!(form.has_button("do") && !form.has_button("q"));
        assert_eq!(search.untouched(), [("q".to_owned(), String::new())]);
    }
}
