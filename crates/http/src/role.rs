//! Who may do what: one table, and what is not in it is refused (abuse case A2).

use serde::{Deserialize, Serialize};

pub use showfloor_api_types::auth::Role;

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident: [$($role:ident)*] $($flag:ident)*;)*) => {
        /// What the dashboard can be asked to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Operation {
            $($(#[$doc])* $name,)*
        }

        impl Operation {
            /// Every operation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The roles that may. The owner is named like any other.
            #[must_use]
            pub const fn roles(self) -> &'static [Role] {
                match self {
                    $(Self::$name => &[$(Role::$role,)*],)*
                }
            }

            /// Whether the password must have been typed within the last ten minutes, and the class of
            /// sensitive operations counts it.
            #[must_use]
            pub const fn is_sensitive(self) -> bool {
                match self {
                    $(Self::$name => operations!(@sensitive $($flag)*),)*
                }
            }
        }
    };
    (@sensitive) => { false };
    (@sensitive sensitive) => { true };
}

operations! {
    /// See oneself; confirm the password; sign out.
    UseOwnAccount: [Owner Manager Host Moderator Analyst];
    /// List and read shows and their run of show.
    ReadShows: [Owner Manager Host Moderator Analyst];
    /// Plan, edit, publish and delete shows.
    EditShows: [Owner Manager Host];
    /// Go live and end.
    GoLive: [Owner Manager Host];
    /// Start, stop and reorder cues; pin, unpin, banner.
    RunCues: [Owner Manager Host Moderator];
    /// See what the encoder sends.
    ReadIngest: [Owner Manager Host Moderator];
    /// See which stream keys exist, never the keys.
    ReadStreamKeys: [Owner Manager Host];
    /// Make and revoke stream keys.
    EditStreamKeys: [Owner Manager Host] sensitive;
    /// Enter a room as staff.
    EnterRoom: [Owner Manager Host Moderator];
    /// Read who was moderated, why, and by whom.
    ReadModerationLog: [Owner Manager Host Moderator];
    /// Read figures: sums, no names.
    ReadFigures: [Owner Manager Host Moderator Analyst];
    /// Read products and stock.
    ReadProducts: [Owner Manager Host Moderator Analyst];
    /// Edit products and pictures.
    EditProducts: [Owner Manager];
    /// Adjust stock.
    AdjustStock: [Owner Manager];
    /// Read orders and mails, with buyers' names.
    ReadOrders: [Owner Manager];
    /// Pack and send.
    FulfilOrders: [Owner Manager];
    /// Give money back.
    RefundOrders: [Owner Manager] sensitive;
    /// Read the shop's settings.
    ReadShop: [Owner Manager];
    /// Change the shop's settings.
    EditShop: [Owner];
    /// See who works here.
    ReadPeople: [Owner Manager];
    /// Invite, change and remove people.
    EditPeople: [Owner Manager] sensitive;
}

impl Operation {
    /// Whether `role` may.
    #[must_use]
    pub fn allows(self, role: Role) -> bool {
        self.roles().contains(&role)
    }
}

/// Whether `granter` may give or take `role`: nobody grants above themselves.
#[must_use]
pub fn may_grant(granter: Role, role: Role) -> bool {
    rank(granter) >= rank(role)
}

const fn rank(role: Role) -> u8 {
    match role {
        Role::Owner => 4,
        Role::Manager => 3,
        Role::Host => 2,
        Role::Moderator => 1,
        Role::Analyst => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The committed table. Columns: owner, manager, host, moderator, analyst.
    const TABLE: &str = "
        UseOwnAccount      o m h d a
        ReadShows          o m h d a
        EditShows          o m h . .
        GoLive             o m h . .
        RunCues            o m h d .
        ReadIngest         o m h d .
        ReadStreamKeys     o m h . .
        EditStreamKeys     o m h . .
        EnterRoom          o m h d .
        ReadModerationLog  o m h d .
        ReadFigures        o m h d a
        ReadProducts       o m h d a
        EditProducts       o m . . .
        AdjustStock        o m . . .
        ReadOrders         o m . . .
        FulfilOrders       o m . . .
        RefundOrders       o m . . .
        ReadShop           o m . . .
        EditShop           o . . . .
        ReadPeople         o m . . .
        EditPeople         o m . . .";

    #[test]
    fn a2_role_by_operation_equals_the_committed_table() {
        let columns = [
            (Role::Owner, 'o'),
            (Role::Manager, 'm'),
            (Role::Host, 'h'),
            (Role::Moderator, 'd'),
            (Role::Analyst, 'a'),
        ];
        let mut written = String::new();
        for operation in Operation::ALL {
            written.push_str(&format!("\n        {:<18}", format!("{operation:?}")));
            for (role, letter) in columns {
                written.push(' ');
                written.push(if operation.allows(role) { letter } else { '.' });
            }
        }
        assert_eq!(written, TABLE);
    }

    #[test]
    fn a2_nobody_grants_above_themselves() {
        assert!(!may_grant(Role::Manager, Role::Owner));
        assert!(may_grant(Role::Manager, Role::Manager));
        assert!(may_grant(Role::Owner, Role::Owner));
        assert!(!may_grant(Role::Analyst, Role::Moderator));
    }
}
