//! Schemas of parameters: the one part of action control that is no program, as JSON Schema has a meaning and a library of its own.

#[cfg(feature = "json-schema")]
mod check;
#[cfg(feature = "json-schema")]
mod number;

#[cfg(feature = "json-schema")]
pub(super) use check::Schemas;
#[cfg(not(feature = "json-schema"))]
pub(super) use left_out::Schemas;

#[cfg(not(feature = "json-schema"))]
mod left_out {
    use aop_toon::{Event, Finding};

    use crate::actions::ActionSettings;
    use crate::actions::compiled_in::ActionError;

    /// No schemas; there can be none.
    #[derive(Debug)]
    pub(in crate::actions) struct Schemas;

    impl Schemas {
        /// What was asked for and left out of the program must not look like what found nothing.
        pub(in crate::actions) fn new(settings: &ActionSettings) -> Result<Self, ActionError> {
            match settings.actions.iter().find(|(_, action)| action.schema.is_some()) {
                None => Ok(Self),
                Some((name, _)) => Err(ActionError::new(
                    format!("{name}.schema"),
                    "this program was built without the cargo feature `json-schema`; add it, or leave the schema out",
                )),
            }
        }

        pub(in crate::actions) fn is_empty(&self) -> bool {
            true
        }

        pub(in crate::actions) fn check(&self, _: &Event<'_>, _: &mut Vec<Finding>) {}
    }
}
