//! `photo` is killed again and again, each time a little further on in its work: no photo is lost, and each is kept as one that nothing
//! befell.
//!
//! The real function in the running city: its process ends without a word, as at a time-out or when it runs out of memory.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use domain::report::photo::PhotoState;
use domain::text::hex;
use http::StatusCode;
use sha2::{Digest as _, Sha256};
use tokio::process::Command;
use tokio::time::{Instant, sleep};

use crate::place::{PATIENCE, Place};
use crate::uploads::{Darkroom, FILE};

const KILLS: u32 = 20;
/// So much further on each time; a photo takes some 0.2 s from the start of the process.
const STEP: Duration = Duration::from_millis(12);
/// So many must have been killed before their photo was settled, or the test has shown nothing.
const STRUCK_MIN: usize = 5;
/// How soon the queue hands over again what a killed function had, in place of the template's six minutes; in seconds.
const AGAIN: &str = "2";

/// The queue of photos, and that of those that were given up.
struct Queues {
    client: Client,
    photos: String,
    dead: String,
}

impl Queues {
    async fn of(place: &Place) -> Self {
        let client = Client::new(&place.config().await);
        Self { client, photos: place.photo_queue.clone(), dead: place.photo_dead_letter_queue.clone() }
    }

    async fn said(&self, queue: &str, name: QueueAttributeName) -> String {
        let asked = self.client.get_queue_attributes().queue_url(queue).attribute_names(name.clone());
        asked.send().await.unwrap().attributes().unwrap()[&name].clone()
    }

    /// From now on; says what it was.
    async fn hand_over_again_after(&self, seconds: &str) -> String {
        let before = self.said(&self.photos, QueueAttributeName::VisibilityTimeout).await;
        let change = self.client.set_queue_attributes().queue_url(&self.photos);
        change.attributes(QueueAttributeName::VisibilityTimeout, seconds).send().await.unwrap();
        before
    }

    async fn given_up(&self) -> String {
        self.said(&self.dead, QueueAttributeName::ApproximateNumberOfMessages).await
    }
}

#[tokio::test]
async fn trouble_photos_outlive_a_function_that_is_killed_at_every_step() {
    let queues = Queues::of(&Place::running()).await;
    let given_up = queues.given_up().await;
    let before = queues.hand_over_again_after(AGAIN).await;
    // Whatever comes of it, the queue is afterwards what it was.
    let raged = tokio::spawn(rage()).await;
    queues.hand_over_again_after(&before).await;
    let struck = raged.unwrap();
    assert!(STRUCK_MIN <= struck, "only {struck} of {KILLS} were killed in time");
    assert_eq!(queues.given_up().await, given_up);
}

/// Kills `photo` while it works on one photo after another, and looks in the end at all of them; how many were not settled when it was
/// killed.
async fn rage() -> usize {
    let place = Place::running();
    let (mut rooms, mut struck) = (Vec::new(), 0);
    for kill in 0..KILLS {
        // One that idles would be at work at once: the time is taken from the start of a process.
        end(&place, &running(&place)).await;
        let room = Darkroom::of(&place).await;
        let upload = room.begin().await;
        assert_eq!(room.put(&upload, FILE, "image/jpeg").await, StatusCode::OK);
        let begun = awaited(|| running(&place), |running| !running.is_empty()).await;
        sleep(STEP * kill).await;
        end(&place, &begun).await;
        struck += usize::from(room.becomes(|_| true).await == PhotoState::Waiting);
        rooms.push(room);
    }
    for room in &rooms {
        let state = room.becomes(|state| *state != PhotoState::Waiting).await;
        let PhotoState::Kept { sha, .. } = state else { panic!("it came to {state:?}") };
        let large = room.large_file().await.unwrap();
        assert_eq!(hex(&Sha256::digest(&large)), sha, "the file is the one that the item names");
        assert_eq!(room.small_file().await, StatusCode::OK);
        room.original_goes().await;
    }
    struck
}

/// Kills these processes, and waits until they are gone.
async fn end(place: &Place, processes: &BTreeSet<u32>) {
    if processes.is_empty() {
        return;
    }
    // One that has ended by itself meanwhile cannot be killed any more.
    Command::new("kill").arg("-9").args(processes.iter().map(u32::to_string)).output().await.unwrap();
    awaited(|| running(place), |running| running.is_disjoint(processes)).await;
}

/// What is looked at again and again until it is so.
async fn awaited<T>(look: impl Fn() -> T, is_so: impl Fn(&T) -> bool) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let seen = look();
        if is_so(&seen) {
            return seen;
        }
        assert!(Instant::now() < deadline, "it never came to it");
        sleep(Duration::from_millis(1)).await;
    }
}

/// The processes of `photo` in this city: of all that the city has started, those that are called so.
fn running(place: &Place) -> BTreeSet<u32> {
    let name = format!("AWS_LAMBDA_FUNCTION_NAME={}", place.photo_function);
    let is_photo = |process: &u32| environment(*process).split('\0').any(|said| said == name);
    descendants(place.pid).into_iter().filter(is_photo).collect()
}

/// All that a process has started, and what that has started.
fn descendants(process: u32) -> Vec<u32> {
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{process}/task")) else { return Vec::new() };
    let said: Vec<String> =
        tasks.flatten().filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok()).collect();
    let children: Vec<u32> =
        said.iter().flat_map(|said| said.split_whitespace()).filter_map(|child| child.parse().ok()).collect();
    children.into_iter().flat_map(|child| std::iter::once(child).chain(descendants(child))).collect()
}

/// The variables of a process; nothing of one that is gone.
fn environment(process: u32) -> String {
    let bytes = std::fs::read(Path::new("/proc").join(process.to_string()).join("environ")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
