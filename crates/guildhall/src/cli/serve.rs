//! The arguments of `demo` and `serve`: of the latter one flag for each setting, from their table.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use guildhall_server::config::SETTINGS;

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The file of settings, in TOML
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// For a new database, the network whose shipped rulebooks it begins with [default: the
    /// shipped one]
    #[arg(long, value_name = "ID")]
    pub network: Option<String>,
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The address to listen on, of this machine only; port 0: a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Print the code that everybody's second factor shows now, and do nothing else
    #[arg(long)]
    pub code: bool,
}

/// Settings that were given as flags: their names and values.
#[derive(Clone, Debug, Default)]
pub struct SettingArgs(pub Vec<(String, String)>);

impl Args for SettingArgs {
    fn augment_args(command: Command) -> Command {
        SETTINGS.iter().fold(command, |command, setting| {
            let flag = setting.flag().trim_start_matches('-').to_owned();
            let default = match setting.default {
                "" => String::new(),
                default => format!(" [default: {default}]"),
            };
            let help = format!("{}{default}", setting.meaning);
            command.arg(Arg::new(setting.name).long(flag).value_name("VALUE").help(help))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SettingArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = SETTINGS.iter().filter_map(|setting| {
            let value = matches.get_one::<String>(setting.name)?;
            Some((setting.name.to_owned(), value.clone()))
        });
        Ok(Self(given.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
