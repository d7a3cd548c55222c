//! What the command asks before it erases, and the files that it writes.

use app::error::{Error, Kind};
use app::personal::Filed;
use app::ports::reports::{CleanPhoto, PhotoLinks};
use async_trait::async_trait;
use domain::ids::{PhotoId, ReportId};
use domain::report::photo::{Photo, PhotoFault};
use domain::report::place::{Place, PlaceSource, Point};
use domain::report::{Priority, Report, Reporter, State};
use jiff::Timestamp;

use super::*;

/// Files of which photo 2 is lost.
struct Bucket;

#[async_trait]
impl PhotoFiles for Bucket {
    async fn keep(&self, _: &ReportId, _: &PhotoId, _: &CleanPhoto) -> Result<(), Error> {
        Err(Error::new(Kind::Permanent, "keep a photo", "nobody asks for it"))
    }

    async fn erase(&self, _: &ReportId, _: &PhotoId) -> Result<(), Error> {
        Err(Error::new(Kind::Permanent, "erase a photo", "nobody asks for it"))
    }

    async fn large(&self, _: &ReportId, id: &PhotoId) -> Result<Option<Vec<u8>>, Error> {
        Ok((*id != photo_id(2)).then(|| id.as_str().as_bytes().to_vec()))
    }

    async fn links(&self, _: &ReportId, _: &PhotoId) -> Result<PhotoLinks, Error> {
        Err(Error::new(Kind::Permanent, "make a link to a photo", "nobody asks for it"))
    }
}

fn photo_id(number: u32) -> PhotoId {
    format!("photo-{number}").parse().unwrap()
}

fn photo(number: u32, state: PhotoState) -> Photo {
    Photo { id: photo_id(number), report: "r1".parse().unwrap(), by: None, at: Timestamp::UNIX_EPOCH, state }
}

fn export(photos: Vec<Photo>) -> Export {
    let report = Report {
        id: "r1".parse().unwrap(),
        kind: "road".parse().unwrap(),
        department: "roads".parse().unwrap(),
        state: State::Received,
        priority: Priority::Normal,
        assignee: None,
        due: None,
        filed_at: Timestamp::UNIX_EPOCH,
        closed_at: None,
        place: Place {
            point: Point::new(35.1, 139.1).unwrap(),
            accuracy_m: None,
            text: String::new(),
            source: PlaceSource::Chat,
            district: None,
        },
        answers: Vec::new(),
        comment: String::new(),
        reporter: Reporter::Erased,
        followers: [].into(),
        photos: Vec::new(),
        merged: [].into(),
        release: None,
        history: Vec::new(),
    };
    Export {
        exported_at: Timestamp::UNIX_EPOCH,
        user: None,
        resident: None,
        conversation: None,
        draft_photos: Vec::new(),
        blocked_at: Vec::new(),
        staff: None,
        reports: vec![Filed { number: report.number().to_string(), report, photos }],
        follows: Vec::new(),
    }
}

fn scratch(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("kairan-export-{name}-{}", std::process::id()))
}

#[tokio::test]
async fn the_photos_that_are_kept_are_written_each_under_its_id() {
    let kept = || PhotoState::Kept { sha: String::new(), width: 1, height: 1, gps: None };
    let photos = vec![
        photo(1, kept()),
        photo(2, kept()),
        photo(3, PhotoState::Waiting),
        photo(4, PhotoState::Refused(PhotoFault::Heic)),
        photo(5, PhotoState::Withdrawn),
        photo(6, kept()),
    ];
    let dir = scratch("kept").join("photos");
    let export = Export { draft_photos: vec![photo(7, kept()), photo(8, PhotoState::Waiting)], ..export(photos) };
    for _ in 0..2 {
        assert_eq!(write_photos(&Bucket, &export, &dir).await.unwrap(), 3, "again is the same");
    }
    let mut names: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["photo-1.jpg", "photo-6.jpg", "photo-7.jpg"]);
    assert_eq!(std::fs::read(dir.join("photo-6.jpg")).unwrap(), b"photo-6");
    std::fs::remove_dir_all(dir.parent().unwrap()).unwrap();
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_told() {
    let file = scratch("file");
    std::fs::write(&file, "a file").unwrap();
    let told = write_photos(&Bucket, &export(Vec::new()), &file.join("photos")).await.unwrap_err().to_string();
    assert!(told.starts_with("could not write "), "{told}");
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn nothing_is_erased_unless_somebody_says_so() {
    for (typed, expected) in
        [("消去\n", true), (" 消去 \r\n", true), ("", false), ("\n", false), ("yes\n", false), ("消去しない\n", false)]
    {
        assert_eq!(is_confirmed(&mut typed.as_bytes()).unwrap(), expected, "{typed:?}");
    }
    assert!(is_confirmed(&mut &b"\xff\n"[..]).is_err());
}
