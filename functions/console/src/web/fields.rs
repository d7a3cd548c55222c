//! What was typed: fields by name, of a query, a form, or a form with a file.

use bytes::Bytes;
use futures_util::stream;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// A form has at most this many fields.
pub const FIELDS_MAX: usize = 2_000;

/// Fields in their order; a name may stand more than once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

/// A file that was sent along. `Debug` does not show what is in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The field's name.
    pub field: String,
    /// The file's name as the browser says it.
    pub file_name: String,
    /// What is in it.
    pub bytes: Bytes,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Upload({} bytes)", self.bytes.len())
    }
}

/// A body that is no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is no form")]
pub struct NoForm;

impl Fields {
    /// Fields written `a=1&b=2`.
    #[must_use]
    pub fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().take(FIELDS_MAX).collect())
    }

    /// The first field of a name, without spaces around it; empty if it is not there.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The first field of a name as it was typed, but with line ends as `\n`, which browsers send as `\r\n`.
    #[must_use]
    pub fn long_text(&self, name: &str) -> String {
        self.raw(name).replace("\r\n", "\n")
    }

    /// All fields of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// Whether a field of this name is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(of, _)| of == name)
    }

    /// All fields, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The fields written `a=1&b=2`, with `name` set to `value` (or left out, for `None`).
    #[must_use]
    pub fn with(&self, name: &str, value: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.iter().filter(|(of, _)| *of != name));
        if let Some(value) = value {
            query.append_pair(name, value);
        }
        query.finish()
    }

    fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value.as_str())
    }
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Reads a body as a form, with a file or without.
pub(super) async fn read_form(headers: &HeaderMap, body: &Bytes) -> Result<(Fields, Option<Upload>), NoForm> {
    let content_type = content_type(headers);
    if content_type.starts_with("application/x-www-form-urlencoded") {
        let fields = Fields(form_urlencoded::parse(body).into_owned().take(FIELDS_MAX + 1).collect());
        return if fields.0.len() > FIELDS_MAX { Err(NoForm) } else { Ok((fields, None)) };
    }
    let boundary = multer::parse_boundary(content_type).map_err(|_| NoForm)?;
    let whole = body.clone();
    let mut parts = multer::Multipart::new(stream::iter([Ok::<_, std::io::Error>(whole)]), boundary);
    let (mut fields, mut upload) = (Vec::new(), None);
    while let Some(part) = parts.next_field().await.map_err(|_| NoForm)? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(file_name) => {
                let bytes = part.bytes().await.map_err(|_| NoForm)?;
                // Of several fields for files, those in which none was chosen are sent empty.
                if upload.as_ref().is_none_or(|upload: &Upload| upload.bytes.is_empty()) {
                    upload = Some(Upload { field: name, file_name, bytes });
                }
            }
            None if fields.len() < FIELDS_MAX => {
                let bytes = part.bytes().await.map_err(|_| NoForm)?;
                fields.push((name, String::from_utf8(bytes.into()).map_err(|_| NoForm)?));
            }
            None => return Err(NoForm),
        }
    }
    Ok((Fields(fields), upload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_out_as_they_were_typed() {
        let fields = Fields::parse("name=%E9%9B%BB%E6%B1%A0+1&tag=a&tag=b&text=1%0D%0A2&empty=".as_bytes());
        assert_eq!((fields.text("name"), fields.text("nothing")), ("電池 1", ""));
        assert_eq!(fields.all("tag").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(fields.long_text("text"), "1\n2");
        assert!(fields.has("empty") && !fields.has("nothing"));
        assert_eq!(Fields::parse(b"q=a+b&page=2").with("page", Some("3")), "q=a+b&page=3");
        assert_eq!(Fields::parse(b"q=a&page=2").with("page", None), "q=a");
    }

    #[tokio::test]
    async fn a_form_with_a_file_comes_apart_and_other_bodies_are_none() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nt\r\n--x\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\nid,name\r\n--x--\r\n";
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "multipart/form-data; boundary=x".parse().unwrap());
        let (fields, upload) = read_form(&headers, &Bytes::from(body)).await.unwrap();
        assert_eq!(fields.text("csrf"), "t");
        let upload = upload.unwrap();
        assert_eq!(
            (upload.field.as_str(), upload.file_name.as_str(), &upload.bytes[..]),
            ("file", "a.csv", &b"id,name"[..])
        );
        assert_eq!(read_form(&headers, &Bytes::from("--x\r\nbroken")).await, Err(NoForm));
        headers.insert(CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        let many = |count: usize| Bytes::from("a=1&".repeat(count));
        assert_eq!(read_form(&headers, &many(FIELDS_MAX)).await.unwrap().0.iter().count(), FIELDS_MAX);
        assert_eq!(read_form(&headers, &many(FIELDS_MAX + 1)).await, Err(NoForm), "nothing is cut off silently");
        headers.insert(CONTENT_TYPE, "multipart/form-data; boundary=x".parse().unwrap());
        let part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
        let many = |count: usize| Bytes::from(format!("{}--x--\r\n", part.repeat(count)));
        assert_eq!(read_form(&headers, &many(FIELDS_MAX)).await.unwrap().0.iter().count(), FIELDS_MAX);
        assert_eq!(read_form(&headers, &many(FIELDS_MAX + 1)).await, Err(NoForm));
        headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
        assert_eq!(read_form(&headers, &Bytes::from("{}")).await, Err(NoForm));
    }
}
