//! `guildhall user`: users and tokens, by whoever may open the database. The first sign-in of a
//! fresh server is made here.

use std::io::{BufRead, Write};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use guildhall_rules::problem::Problem;
use guildhall_server::ops::{by_hand, invitations, second_factor, users};
use guildhall_server::{App, Clock, Error};
use guildhall_store::Store;

use super::print_json;
use crate::failure::{Failure, talk};
use crate::terminal::plain;

/// Commands about users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make a user, and print a link by which they choose a password
    #[command(after_help = "Example:\n  guildhall user create --database sqlite:network.db \
        --email olga@example.org --name 'Olga Orlova' --role operator")]
    Create(CreateArgs),
    /// Make an API token for a user, and print it
    #[command(after_help = "Example:\n  guildhall user token --database sqlite:network.db \
        --email olga@example.org --name nightly --scope read")]
    Token {
        #[command(flatten)]
        user: Named,
        /// What to call the token
        #[arg(long)]
        name: String,
        /// What it is for: read, write or admin
        #[arg(long = "scope", value_name = "SCOPE", default_value = "read")]
        scopes: Vec<String>,
        /// The first moment at which it no longer works
        #[arg(long, value_name = "TIMESTAMP", value_parser = crate::cli::parse_moment)]
        expires: Option<jiff::Timestamp>,
    },
    /// Show all users
    #[command(after_help = "Example:\n  guildhall user list --database sqlite:network.db")]
    List {
        #[command(flatten)]
        database: DatabaseUrl,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Disable a user: sessions end, tokens are revoked
    #[command(after_help = "Example:\n  guildhall user disable --database sqlite:network.db \
        --email olga@example.org")]
    Disable(Named),
    /// Remove a user's second factor, as phone and recovery codes are lost
    #[command(after_help = "Example:\n  guildhall user reset-second-factor \
        --database sqlite:network.db --email olga@example.org")]
    ResetSecondFactor(Named),
}

impl UserCommand {
    /// Whether the output is JSON, problems included.
    pub fn is_json(&self) -> bool {
        matches!(self, Self::List { json: true, .. })
    }
}

/// Where the users are.
#[derive(Debug, Args)]
pub struct DatabaseUrl {
    /// The database: sqlite:PATH or postgres://…
    #[arg(long, value_name = "URL")]
    pub database: String,
}

/// A user who is there.
#[derive(Debug, Args)]
pub struct Named {
    #[command(flatten)]
    pub database: DatabaseUrl,
    /// The user's e-mail address
    #[arg(long)]
    pub email: String,
}

/// Arguments of `user create`.
#[derive(Debug, Args)]
pub struct CreateArgs {
    #[command(flatten)]
    pub user: Named,
    /// The name that people see
    #[arg(long)]
    pub name: String,
    /// A role, as `alliance_lead`; again for more, all on one side
    #[arg(long = "role", value_name = "ROLE", required = true)]
    pub roles: Vec<String>,
    /// The partner or customer; roles of the vendor's side are in the network's own
    #[arg(long, value_name = "ID")]
    pub organization: Option<String>,
    /// Read a password from the first line of stdin, instead of printing a link
    #[arg(long, conflicts_with = "invite")]
    pub password_stdin: bool,
    /// Print a link by which the user chooses a password (the default)
    #[arg(long)]
    pub invite: bool,
    /// The public address of the server, with which the link begins
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub base_url: String,
}

/// Runs a command.
pub fn run(command: &UserCommand) -> Result<ExitCode, Failure> {
    match command {
        UserCommand::Create(args) => create(args)?,
        UserCommand::Token { user, name, scopes, expires } => {
            let app = app(&user.database, None)?;
            let token = by_hand::token(&app, &user.email, name, scopes, *expires);
            print(&token.map_err(failure)?)?;
            talk("This is shown once. Whoever has it acts as the user.");
        }
        UserCommand::List { database, json } => list(database, *json)?,
        UserCommand::Disable(user) => {
            let app = app(&user.database, None)?;
            let disabled = by_hand::disable(&app, &user.email).map_err(failure)?;
            talk(&format!("{} is disabled, and signed out everywhere.", plain(&disabled.email)));
        }
        UserCommand::ResetSecondFactor(user) => {
            let app = app(&user.database, None)?;
            let id = by_hand::find(&app, &user.email).map_err(failure)?;
            second_factor::reset(&app, &id).map_err(failure)?;
            talk("The second factor is removed, and the user is signed out everywhere.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn create(args: &CreateArgs) -> Result<(), Failure> {
    let app = app(&args.user.database, Some(&args.base_url))?;
    let organization = args.organization.as_deref();
    let user = by_hand::new_user(&app, &args.user.email, &args.name, organization, &args.roles);
    let user = user.map_err(failure)?;
    if args.password_stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        let password = line.trim_end_matches(['\r', '\n']);
        users::create_first(&app, &user, password).map_err(failure)?;
        talk("The user may sign in.");
        return Ok(());
    }
    let link = invitations::invite_by_hand(&app, &user).map_err(failure)?;
    print(&link)?;
    talk("The link works once, for seven days: hand it to nobody else.");
    Ok(())
}

fn list(database: &DatabaseUrl, json: bool) -> Result<(), Failure> {
    let users = by_hand::list(&app(database, None)?).map_err(failure)?;
    if json {
        return print_json(&users);
    }
    for user in &users {
        let organization = user.organization.as_deref().unwrap_or("-");
        let factor = if user.has_second_factor { "second factor" } else { "password only" };
        let roles = user.roles.join(", ");
        let (email, name) = (plain(&user.email), plain(&user.name));
        print(&format!(
            "{email}  {name}  {}  {roles}  {}  {factor}",
            plain(organization),
            user.state
        ))?;
    }
    Ok(())
}

fn print(line: &str) -> Result<(), Failure> {
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(())
}

fn app(database: &DatabaseUrl, base_url: Option<&str>) -> Result<App, Failure> {
    let store = Store::open(&database.database).map_err(|error| failure(error.into()))?;
    let mut app = App::new(store, Clock::System).map_err(failure)?;
    if let Some(base_url) = base_url {
        base_url.trim_end_matches('/').clone_into(&mut app.base_url);
    }
    Ok(app)
}

/// Problems of the input are the user's to mend; the rest broke.
fn failure(error: Error) -> Failure {
    match error {
        Error::Invalid(problems) => problems.into(),
        Error::Conflict { code, message } => Problem::new(code, message).into(),
        error => {
            let mut message = error.to_string();
            let mut source = std::error::Error::source(&error);
            while let Some(why) = source {
                message = format!("{message}: {why}");
                source = why.source();
            }
            Failure::Broken(message)
        }
    }
}
