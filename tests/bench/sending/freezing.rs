//! How fast `planner` freezes an audience: the real function, given the residents as DynamoDB gives them.

use std::collections::BTreeSet;
use std::time::Instant;

use domain::broadcast::Lane;
use domain::broadcast::audience::Audience;
use domain::ids::{DistrictId, TopicId};
use domain::sending::frozen::PackedId;
use domain::sending::plan::Plan;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::Failure;
use crate::lambda::{Fleet, parts_of, runs_of};
use crate::processor::{Whose, processor_seconds};
use crate::town::approved;

/// So many residents more in one part show what they cost in memory.
const MORE: usize = 100_000;
const FEW: usize = 1_200;
/// Nobody answers there: nothing is sent.
const NOBODY: &str = "http://127.0.0.1:9";

/// Freezes everybody, then those of a condition; then a small and a large part, for the memory.
#[tokio::main]
pub(crate) async fn measure(planner: &str, residents: usize) -> Result<Value, Failure> {
    let parts = Plan::parts_for(u64::try_from(residents)?);
    let all = freeze(planner, residents, Audience::All, parts).await?;
    let some = freeze(planner, residents, condition()?, parts).await?;
    let small = freeze(planner, FEW, Audience::All, 1).await?;
    let large = freeze(planner, FEW + MORE, Audience::All, 1).await?;
    let peak = |frozen: &Value| frozen["peakKb"].as_u64().unwrap_or_default();
    Ok(json!({
        "all": all, "some": some,
        "memory": { "few": FEW, "more": MORE, "moreKb": peak(&large).saturating_sub(peak(&small)), "fewKb": peak(&small) },
    }))
}

/// One planner freezes all parts, one after another.
async fn freeze(planner: &str, residents: usize, audience: Audience, parts: u16) -> Result<Value, Failure> {
    let aws = approved((0..residents).map(somebody).collect(), audience, parts).await?;
    let queue = parts_of(Lane::Emergency);
    let mut planners = Fleet::start(&aws, planner, queue, 1, NOBODY).await?;
    let before = processor_seconds(Whose::Ended)?;
    let began = Instant::now();
    planners.work(&aws, &|| aws.waiting(queue) == 0).await?;
    let took = began.elapsed().as_secs_f64();
    let peak = planners.end().await?;
    let spent = processor_seconds(Whose::Ended)? - before;
    let objects = aws.objects();
    let after = |place: usize| objects.get(place).map(|kept| kept.duration_since(began).as_secs_f64());
    let first_run = aws.first_in(runs_of(Lane::Emergency)).map(|sent| sent.duration_since(began).as_secs_f64());
    Ok(json!({
        "residents": residents, "bytesEach": aws.residents().bytes_each(), "parts": parts, "runs": aws.waiting(runs_of(Lane::Emergency)),
        "seconds": took, "processorSeconds": spent, "emulatorSeconds": aws.bill().reading_residents.as_secs_f64(),
        // The first object that was kept is that of the words.
        "firstRunS": first_run, "secondPartS": after(2), "peakKb": peak,
    }))
}

/// Half of the districts or one of two topics, but nobody with a child.
fn condition() -> Result<Audience, Failure> {
    let districts: BTreeSet<DistrictId> =
        (0..10).map(|number| format!("district-{number:02}").parse()).collect::<Result<_, _>>()?;
    let topics: BTreeSet<TopicId> = ["topic-1".parse()?, "topic-3".parse()?].into();
    let home = Audience::Or(vec![Audience::Districts(districts), Audience::TopicsAny(topics)]);
    let child = Audience::ChildAge { from_months: 0, to_months: 200 };
    Ok(Audience::And(vec![home, Audience::Not(Box::new(child))]))
}

/// The n-th resident; they are spread over the partitions as LINE's ids are.
fn somebody(number: usize) -> PackedId {
    let digest = Sha256::digest(number.to_be_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    PackedId(id)
}
