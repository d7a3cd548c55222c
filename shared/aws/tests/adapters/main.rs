//! The adapters against stand-ins for AWS that answer what each test tells them, and the way in against recorded events.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod conversations;
#[cfg(test)]
mod dead_letters;
#[cfg(test)]
mod lambda;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod resident_counts;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod staff;
#[cfg(test)]
mod stub;
#[cfg(test)]
mod town_store;
