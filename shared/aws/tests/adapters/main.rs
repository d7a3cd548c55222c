//! The adapters against stand-ins for AWS that answer what each test tells them, and the way in against recorded events.

#[cfg(test)]
mod conversations;
#[cfg(test)]
mod lambda;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod stub;
#[cfg(test)]
mod town_store;
