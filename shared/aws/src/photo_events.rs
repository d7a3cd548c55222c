//! What the bucket says to the queue of photos when a browser has put one: S3's own messages, read.

use app::error::{Error, Kind};
use app::ports::reports::PhotoJob;
use serde::Deserialize;

use crate::photo_uploads;

const OPENING: &str = "understand what the bucket says";
/// What each event's name begins with by which an object came to be.
const CREATED: &str = "ObjectCreated:";
/// By this S3 tries whether the queue takes its messages.
const TRIAL: &str = "s3:TestEvent";

/// The photos that were put; `None` if the bucket did not write this.
pub(crate) fn open(body: &str) -> Option<Result<Vec<PhotoJob>, Error>> {
    match serde_json::from_str(body).ok()? {
        Said::Trial { event } if event == TRIAL => Some(Ok(Vec::new())),
        Said::Trial { .. } => None,
        Said::Events { records } => Some(records.into_iter().map(Record::job).collect()),
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Trial {
        #[serde(rename = "Event")]
        event: String,
    },
    Events {
        #[serde(rename = "Records")]
        records: Vec<Record>,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_name: String,
    s3: Place,
}

#[derive(Deserialize)]
struct Place {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    /// Written as in a form.
    key: String,
}

impl Record {
    fn job(self) -> Result<PhotoJob, Error> {
        let odd = |what: &'static str| Error::new(Kind::Permanent, OPENING, what);
        if !self.event_name.starts_with(CREATED) {
            return Err(odd("nothing was put"));
        }
        let mut parts = form_urlencoded::parse(self.s3.object.key.as_bytes());
        let (key, nothing) = parts.next().ok_or_else(|| odd("the key is empty"))?;
        if !nothing.is_empty() || parts.next().is_some() {
            return Err(odd("the key is not written as in a form"));
        }
        let (report, photo) = photo_uploads::of_key(&key).ok_or_else(|| odd("no photo is put there"))?;
        Ok(PhotoJob::Uploaded { photo, report })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "0199aaaa-0000-7000-8000-000000000001";
    const PHOTO: &str = "0199aaaa-0000-7000-8000-00000000000";

    /// As S3 writes it.
    fn record(name: &str, key: &str) -> String {
        format!(
            r#"{{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"ap-northeast-1","eventTime":"2026-11-22T19:00:00.000Z",
            "eventName":"{name}","userIdentity":{{"principalId":"AWS:A:city-portal"}},"requestParameters":{{"sourceIPAddress":"192.0.2.1"}},
            "responseElements":{{"x-amz-request-id":"R","x-amz-id-2":"I"}},"s3":{{"s3SchemaVersion":"1.0","configurationId":"C",
            "bucket":{{"name":"media","ownerIdentity":{{"principalId":"A"}},"arn":"arn:aws:s3:::media"}},
            "object":{{"key":"{key}","size":1024,"eTag":"d41d8cd98f00b204e9800998ecf8427e","sequencer":"0055AED6DCD90281E5"}}}}}}"#
        )
    }

    fn events(records: &[String]) -> String {
        format!(r#"{{"Records":[{}]}}"#, records.join(","))
    }

    fn put(number: u8) -> String {
        record("ObjectCreated:Put", &format!("incoming/{REPORT}/{PHOTO}{number}"))
    }

    #[test]
    fn each_record_is_a_photo_however_its_key_is_written() {
        let job = |number: u8| PhotoJob::Uploaded {
            photo: format!("{PHOTO}{number}").parse().unwrap(),
            report: REPORT.parse().unwrap(),
        };
        assert_eq!(open(&events(&[put(1)])).unwrap().unwrap(), [job(1)]);
        let escaped = put(2).replace("incoming/", "incoming%2F").replace("0199", "%30199");
        let whole = put(3).replace("Created:Put", "Created:CompleteMultipartUpload");
        assert_eq!(open(&events(&[put(1), escaped, whole])).unwrap().unwrap(), [job(1), job(2), job(3)]);
        assert_eq!(open(&events(&[])).unwrap().unwrap(), []);
    }

    #[test]
    fn a_trial_asks_for_nothing() {
        let trial = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-22T19:00:00.000Z","Bucket":"media","RequestId":"R","HostId":"H"}"#;
        assert_eq!(open(trial).unwrap().unwrap(), []);
        assert!(open(&trial.replace("TestEvent", "Other")).is_none());
    }

    #[test]
    fn what_is_no_upload_fails_for_good() {
        let key = format!("incoming/{REPORT}/{PHOTO}1");
        for (name, key) in [
            ("ObjectRemoved:Delete", key.as_str()),
            ("", key.as_str()),
            ("ObjectCreated:Put", ""),
            ("ObjectCreated:Put", "incoming/"),
            ("ObjectCreated:Put", &key.replace("incoming", "reports")),
            ("ObjectCreated:Put", &format!("{key}+")),
            ("ObjectCreated:Put", &format!("{key}&a")),
            ("ObjectCreated:Put", &format!("{key}=a")),
            ("ObjectCreated:Put", &format!("{key}%00")),
        ] {
            let refused = open(&events(&[put(2), record(name, key)])).unwrap();
            assert_eq!(refused.expect_err(key).kind, Kind::Permanent, "{name} {key}");
        }
    }

    #[test]
    fn what_the_bucket_did_not_write_is_left_to_others() {
        for other in ["", "null", "{}", r#"{"v":1,"photo":"p"}"#, r#"{"Records":1}"#, r#"{"Records":[{}]}"#] {
            assert!(open(other).is_none(), "{other}");
        }
    }
}
