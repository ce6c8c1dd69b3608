//! People and sessions.

use async_trait::async_trait;
use rusqlite::{Connection, Row};
use showfloor_domain::{Role, ShopId, UserId, UtcMs};
use showfloor_storage::{
    AccountError, Accounts, RESET_TTL_MS, SESSION_MAX_MS, SessionRecord, ShopRecord, StoreError, UserRecord,
};

use crate::{Sqlite, Stored, StoredOption, Text, shops};

/// A session's last use is written down again when it is older than this, so that reading costs no write.
const USED_WITHIN_MS: i64 = 60_000;

#[async_trait]
impl Accounts for Sqlite {
    async fn any(&self) -> Result<bool, StoreError> {
        self.read(any).await
    }

    async fn set_up(&self, shop: ShopRecord, owner: UserRecord) -> Result<(), StoreError> {
        self.write(move |connection| {
            if any(connection)? {
                return Err(StoreError::Taken("first owner".into()));
            }
            shops::insert(connection, &shop)?;
            insert(connection, &owner)
        })
        .await
    }

    async fn add(&self, user: UserRecord) -> Result<(), StoreError> {
        self.write(move |connection| insert(connection, &user)).await
    }

    async fn find_by_email(&self, email: &str) -> Result<Option<UserRecord>, StoreError> {
        let email = email.to_owned();
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT * FROM users WHERE email = ?1")
                .stored()?
                .query_row([email], user)
                .stored_option()
        })
        .await
    }

    async fn find(&self, shop_id: ShopId, user_id: UserId) -> Result<Option<UserRecord>, StoreError> {
        self.read(move |connection| find(connection, shop_id, user_id)).await
    }

    async fn list(&self, shop_id: ShopId) -> Result<Vec<UserRecord>, StoreError> {
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT * FROM users WHERE shop_id = ?1 ORDER BY name, id")
                .stored()?
                .query_map([Text(shop_id)], user)
                .stored()?
                .collect::<Result<_, _>>()
                .stored()
        })
        .await
    }

    async fn edit(
        &self,
        shop_id: ShopId,
        user_id: UserId,
        name: Option<String>,
        role: Option<Role>,
    ) -> Result<UserRecord, AccountError> {
        self.write(move |connection| {
            let mut user = find(connection, shop_id, user_id)?.ok_or(StoreError::NotFound)?;
            if let Some(role) = role.filter(|role| *role != user.role) {
                if user.role == Role::Owner && owners(connection, shop_id)? == 1 {
                    return Err(AccountError::LastOwner);
                }
                user.role = role;
                end_sessions(connection, user_id)?;
            }
            user.name = name.unwrap_or(user.name);
            connection
                .execute(
                    "UPDATE users SET name = ?2, role = ?3 WHERE id = ?1",
                    (Text(user_id), &user.name, user.role.as_str()),
                )
                .stored()?;
            Ok(user)
        })
        .await
    }

    async fn remove(&self, shop_id: ShopId, user_id: UserId) -> Result<(), AccountError> {
        self.write(move |connection| {
            let user = find(connection, shop_id, user_id)?.ok_or(StoreError::NotFound)?;
            if user.role == Role::Owner && owners(connection, shop_id)? == 1 {
                return Err(AccountError::LastOwner);
            }
            connection.execute("DELETE FROM users WHERE id = ?1", [Text(user_id)]).stored()?;
            Ok(())
        })
        .await
    }

    async fn begin_session(&self, session: SessionRecord) -> Result<(), StoreError> {
        self.write(move |connection| {
            // Those that are over are swept where a new one begins: the table stays as large as its use.
            let oldest = session.created_at.plus_ms(-SESSION_MAX_MS).get();
            connection.execute("DELETE FROM sessions WHERE created_at_ms <= ?1", [oldest]).stored()?;
            connection
                .prepare_cached(
                    "INSERT INTO sessions (secret_hash, user_id, created_at_ms, used_at_ms, confirmed_at_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )
                .stored()?
                .execute((
                    session.secret_hash,
                    Text(session.user_id),
                    session.created_at.get(),
                    session.used_at.get(),
                    session.confirmed_at.get(),
                ))
                .stored()?;
            connection
                .execute(
                    "UPDATE users SET last_seen_at_ms = ?2 WHERE id = ?1",
                    (Text(session.user_id), session.created_at.get()),
                )
                .stored()?;
            Ok(())
        })
        .await
    }

    async fn use_session(
        &self,
        secret_hash: [u8; 32],
        now: UtcMs,
    ) -> Result<Option<(SessionRecord, UserRecord)>, StoreError> {
        let found = self
            .read(move |connection| {
                connection
                    .prepare_cached(
                        "SELECT sessions.created_at_ms AS begun_at_ms, used_at_ms, confirmed_at_ms, users.*
                         FROM sessions JOIN users ON users.id = user_id WHERE secret_hash = ?1",
                    )
                    .stored()?
                    .query_row([secret_hash], |row| {
                        let user = user(row)?;
                        let session = SessionRecord {
                            secret_hash,
                            user_id: user.id,
                            created_at: UtcMs::new(row.get("begun_at_ms")?),
                            used_at: UtcMs::new(row.get("used_at_ms")?),
                            confirmed_at: UtcMs::new(row.get("confirmed_at_ms")?),
                        };
                        Ok((session, user))
                    })
                    .stored_option()
            })
            .await?;
        let Some((session, user)) = found.filter(|(session, _)| session.is_valid(now)) else {
            return Ok(None);
        };
        if now.since(session.used_at) >= USED_WITHIN_MS {
            self.write(move |connection| {
                connection
                    .execute(
                        "UPDATE sessions SET used_at_ms = ?2 WHERE secret_hash = ?1",
                        (secret_hash, now.get()),
                    )
                    .stored()
            })
            .await?;
        }
        Ok(Some((session, user)))
    }

    async fn confirm_session(&self, secret_hash: [u8; 32], now: UtcMs) -> Result<(), StoreError> {
        self.write(move |connection| {
            let changed = connection
                .execute(
                    "UPDATE sessions SET confirmed_at_ms = ?2 WHERE secret_hash = ?1",
                    (secret_hash, now.get()),
                )
                .stored()?;
            if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
        })
        .await
    }

    async fn end_session(&self, secret_hash: [u8; 32]) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection.execute("DELETE FROM sessions WHERE secret_hash = ?1", [secret_hash]).stored()?;
            Ok(())
        })
        .await
    }

    async fn begin_reset(&self, token_hash: [u8; 32], user_id: UserId, now: UtcMs) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection.execute("DELETE FROM password_resets WHERE user_id = ?1", [Text(user_id)]).stored()?;
            connection
                .execute(
                    "INSERT INTO password_resets (token_hash, user_id, created_at_ms) VALUES (?1, ?2, ?3)",
                    (token_hash, Text(user_id), now.get()),
                )
                .stored()?;
            Ok(())
        })
        .await
    }

    async fn reset_password(
        &self,
        token_hash: [u8; 32],
        password_hash: String,
        now: UtcMs,
    ) -> Result<UserRecord, StoreError> {
        self.write(move |connection| {
            let user_id: Text<UserId> = connection
                .query_row(
                    "DELETE FROM password_resets WHERE token_hash = ?1 AND created_at_ms > ?2 RETURNING user_id",
                    (token_hash, now.plus_ms(-RESET_TTL_MS).get()),
                    |row| row.get(0),
                )
                .stored()?;
            connection
                .execute("UPDATE users SET password_hash = ?2 WHERE id = ?1", (user_id, password_hash))
                .stored()?;
            end_sessions(connection, user_id.0)?;
            connection.query_row("SELECT * FROM users WHERE id = ?1", [user_id], user).stored()
        })
        .await
    }
}

fn any(connection: &Connection) -> Result<bool, StoreError> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM users)", (), |row| row.get(0)).stored()
}

fn owners(connection: &Connection, shop_id: ShopId) -> Result<u32, StoreError> {
    connection
        .query_row(
            "SELECT count(*) FROM users WHERE shop_id = ?1 AND role = 'owner'",
            [Text(shop_id)],
            |row| row.get(0),
        )
        .stored()
}

fn end_sessions(connection: &Connection, user_id: UserId) -> Result<(), StoreError> {
    connection.execute("DELETE FROM sessions WHERE user_id = ?1", [Text(user_id)]).stored()?;
    Ok(())
}

fn insert(connection: &Connection, user: &UserRecord) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO users (id, shop_id, email, name, role, password_hash, created_at_ms, last_seen_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .stored()?
        .execute((
            Text(user.id),
            Text(user.shop_id),
            &user.email,
            &user.name,
            user.role.as_str(),
            &user.password_hash,
            user.created_at.get(),
            user.last_seen_at.map(UtcMs::get),
        ))
        .stored()?;
    Ok(())
}

fn find(connection: &Connection, shop_id: ShopId, user_id: UserId) -> Result<Option<UserRecord>, StoreError> {
    connection
        .prepare_cached("SELECT * FROM users WHERE id = ?1 AND shop_id = ?2")
        .stored()?
        .query_row((Text(user_id), Text(shop_id)), user)
        .stored_option()
}

fn user(row: &Row<'_>) -> rusqlite::Result<UserRecord> {
    Ok(UserRecord {
        id: row.get::<_, Text<_>>("id")?.0,
        shop_id: row.get::<_, Text<_>>("shop_id")?.0,
        email: row.get("email")?,
        name: row.get("name")?,
        role: row.get::<_, Text<_>>("role")?.0,
        password_hash: row.get("password_hash")?,
        created_at: UtcMs::new(row.get("created_at_ms")?),
        last_seen_at: row.get::<_, Option<i64>>("last_seen_at_ms")?.map(UtcMs::new),
    })
}
