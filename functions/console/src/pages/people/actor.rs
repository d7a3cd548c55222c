//! The name of whoever did something, the same on every page.

use domain::audit::Actor;
use domain::ids::StaffId;
use domain::staff::Roster;

use crate::words::people as words;

/// An actor's name at present.
pub(crate) fn actor_name<'a>(roster: &'a Roster, actor: &Actor) -> &'a str {
    match actor {
        Actor::Staff(id) => staff_name(roster, id),
        Actor::CommandLine => words::COMMAND,
        Actor::Stranger => words::STRANGER,
    }
}

/// The name of one of the staff at present.
pub(crate) fn staff_name<'a>(roster: &'a Roster, id: &StaffId) -> &'a str {
    roster.get(id).map_or(words::UNKNOWN, |staff| staff.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_left_without_a_name() {
        let roster = Roster(Vec::new());
        let gone = Actor::Staff("gone".parse().unwrap());
        for (actor, name) in
            [(gone, "（登録のない職員）"), (Actor::CommandLine, "コマンド"), (Actor::Stranger, "職員以外")]
        {
            assert_eq!(actor_name(&roster, &actor), name);
        }
    }
}
