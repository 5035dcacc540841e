//! Approvals that nobody could give.

use aop_engine::Settings;

use crate::principal::Role;

/// Looks for an approval by a role that no key has: whoever asks for such an action would wait for ever.
///
/// # Errors
/// At the first such setting, with the roles that there are.
pub(super) fn check(settings: &Settings) -> Result<(), String> {
    let Some(actions) = &settings.actions else { return Ok(()) };
    for (name, action) in &actions.actions {
        let Some(role) = action.approval.as_ref().map(|terms| &terms.role) else { continue };
        if role.parse::<Role>().is_err() {
            let roles: Vec<String> = Role::ALL.iter().map(|role| format!("{:?}", role.as_str())).collect();
            return Err(format!(
                "actions.{name}.approval.role: no key has the role {role:?}, so that nobody could approve; the roles of keys are {}",
                roles.join(", ")
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(approval: &str) -> Result<(), String> {
        let settings = format!(r#"{{"actions": {{"actions": {{"pay": {{"approval": {approval}}}}}}}}}"#);
        check(&serde_json::from_str(&settings).expect("a test's settings are well-formed"))
    }

    #[test]
    fn an_approval_can_be_given() {
        assert_eq!(checked("true"), Ok(()), "the default's role");
        assert_eq!(checked("false"), Ok(()));
        assert_eq!(checked(r#"{"role": "owner"}"#), Ok(()));
        let problem = checked(r#"{"role": "finance"}"#).expect_err("no key has this role");
        assert_eq!(
            problem,
            "actions.pay.approval.role: no key has the role \"finance\", so that nobody could approve; the roles of keys are \
             \"owner\", \"agent\", \"approver\""
        );
    }
}
