//! What the rule of attempts promises, for any order of attempts and any clock.

use proptest::prelude::*;

use super::*;

const DAY: i64 = 24 * 60 * 60;
const START: i64 = 1_800_000_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn network(number: u32) -> Network {
    Network::of(IpAddr::V4(Ipv4Addr::from_bits(0x0900_0000 + number)))
}

/// An account that is used from network 0, since long before the start.
fn used_account() -> AccountAttempts {
    let mut account = AccountAttempts::default();
    account.welcome(network(0), at(START - DAY));
    account
}

/// The accounts' and networks' states of one attack.
#[derive(Default)]
struct Attack {
    account: AccountAttempts,
    networks: std::collections::HashMap<Network, NetworkAttempts>,
}

impl Attack {
    fn begin(&mut self, from: Network, now: i64) -> Decision {
        self.account.begin(self.networks.entry(from).or_default(), from, at(now))
    }
}

#[test]
fn five_failures_are_free_and_then_waits_double() {
    let mut account = used_account();
    let mut elsewhere = NetworkAttempts::default();
    let mut now = START;
    let mut waits = Vec::new();
    for _ in 0..12 {
        if let Decision::Wait { until } = account.begin(&mut elsewhere, network(0), at(now)) {
            waits.push(until.as_second() - now);
            now = until.as_second();
            assert_eq!(account.begin(&mut elsewhere, network(0), at(now)), Decision::Allow);
        }
    }
    assert_eq!(waits, [60, 120, 240, 480, 900, 900, 900]);
}

#[test]
fn a_stranger_waits_up_to_an_hour() {
    let mut attack = Attack::default();
    let (mut now, mut longest, mut allowed) = (START, 0, 0);
    while now < START + DAY {
        match attack.begin(network(7), now) {
            Decision::Allow => allowed += 1,
            Decision::Wait { until } => {
                longest = longest.max(until.as_second() - now);
                now = until.as_second();
            }
        }
    }
    assert_eq!((longest, allowed), (LONGEST_WAIT, 33));
}

#[test]
fn a_sign_in_makes_the_place_known_and_forgets_what_failed_there() {
    let mut account = AccountAttempts::default();
    let mut elsewhere = NetworkAttempts::default();
    for _ in 0..4 {
        assert_eq!(account.begin(&mut elsewhere, network(1), at(START)), Decision::Allow);
    }
    assert_eq!(account.begin(&mut elsewhere, network(1), at(START)), Decision::Allow);
    assert!(!account.is_known(network(1)));
    account.succeeded(&mut elsewhere, network(1), at(START));
    assert!(account.is_known(network(1)));
    for _ in 0..FREE {
        assert_eq!(account.begin(&mut elsewhere, network(1), at(START)), Decision::Allow);
    }
    assert_ne!(account.begin(&mut elsewhere, network(1), at(START)), Decision::Allow);
}

#[test]
fn a_right_password_does_not_delay_its_code() {
    let mut account = AccountAttempts::default();
    let mut elsewhere = NetworkAttempts::default();
    for _ in 0..FREE {
        account.begin(&mut elsewhere, network(1), at(START));
    }
    let now = at(START + 60);
    assert_eq!(account.begin(&mut elsewhere, network(1), now), Decision::Allow);
    account.passed(&mut elsewhere, network(1), now);
    assert_eq!(account.begin(&mut elsewhere, network(1), now), Decision::Allow);
    assert_ne!(account.begin(&mut elsewhere, network(1), now), Decision::Allow);
}

#[test]
fn a_mailed_link_opens_a_place_that_strangers_have_used_up() {
    let mut attack = Attack::default();
    let mut number = 1;
    while attack.begin(network(number), START) == Decision::Allow {
        number += 1;
    }
    assert_eq!(number, 1 + STRANGERS.burst);
    assert_ne!(attack.begin(network(1000), START), Decision::Allow);
    attack.account.welcome(network(1000), at(START));
    assert_eq!(attack.begin(network(1000), START), Decision::Allow);
}

#[test]
fn one_network_cannot_try_one_password_at_many_accounts() {
    let mut elsewhere = NetworkAttempts::default();
    let mut begin = || AccountAttempts::default().begin(&mut elsewhere, network(1), at(START));
    let allowed = (0..1000).filter(|_| begin() == Decision::Allow).count();
    assert_eq!(allowed, 30);
    // Colleagues behind the same address go on signing in.
    assert_eq!(used_account().begin(&mut elsewhere, network(0), at(START)), Decision::Allow);
    assert!(!elsewhere.is_over(at(START + 30 * 120 - 1)));
    assert!(elsewhere.is_over(at(START + 30 * 120)));
}

#[test]
fn a_place_is_unknown_again_after_ninety_days() {
    let mut account = used_account();
    let mut elsewhere = NetworkAttempts::default();
    account.begin(&mut elsewhere, network(0), at(START + 89 * DAY - 1));
    assert!(account.is_known(network(0)));
    account.begin(&mut elsewhere, network(0), at(START + 90 * DAY));
    assert!(!account.is_known(network(0)));
}

#[test]
fn what_says_nothing_any_more_is_over() {
    let mut attack = Attack::default();
    assert!(attack.account.is_over(at(START)));
    attack.begin(network(1), START);
    assert!(!attack.account.is_over(at(START + DAY - 1)));
    assert!(attack.account.is_over(at(START + DAY)));
}

#[test]
fn addresses_of_one_customer_are_one_network() {
    let of = |text: &str| Network::of(text.parse().unwrap());
    assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
    assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
    assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    let json = serde_json::to_string(&of("2001:db8:1:2::1")).unwrap();
    assert_eq!(json, "\"2001:db8:1:2::\"");
}

#[test]
fn the_state_is_read_as_it_was_written() {
    let mut account = used_account();
    let mut elsewhere = NetworkAttempts::default();
    account.begin(&mut elsewhere, network(0), at(START));
    account.begin(&mut elsewhere, network(3), at(START));
    let json = serde_json::to_string(&(&account, &elsewhere)).unwrap();
    assert_eq!(serde_json::from_str::<(_, _)>(&json).unwrap(), (account, elsewhere));
}

/// What somebody does: from which network, after how many seconds, how often at once.
fn tries() -> impl Strategy<Value = Vec<(u32, i64, u32)>> {
    proptest::collection::vec((1..400_u32, 0..4000_i64, 1..40_u32), 0..200)
}

proptest! {
    #[test]
    fn strangers_never_slow_the_user_down_at_a_known_place(tries in tries()) {
        let mut attack = Attack { account: used_account(), ..Attack::default() };
        let mut now = START;
        for (from, after, times) in tries {
            now += after;
            for _ in 0..times {
                attack.begin(network(from), now);
            }
            let mut here = attack.account.clone();
            let mut elsewhere = NetworkAttempts::default();
            for _ in 0..FREE {
                prop_assert_eq!(here.begin(&mut elsewhere, network(0), at(now)), Decision::Allow);
            }
        }
    }

    #[test]
    fn guesses_of_a_day_are_bounded_from_however_many_addresses(tries in tries()) {
        let mut attack = Attack { account: used_account(), ..Attack::default() };
        let (mut now, mut strangers, mut known) = (START, Vec::new(), Vec::new());
        for (from, after, times) in tries {
            now += after;
            for number in 0..times {
                if attack.begin(network(from + 1000 * number), now) == Decision::Allow {
                    strangers.push(now);
                }
                if attack.begin(network(0), now) == Decision::Allow {
                    known.push(now);
                }
            }
        }
        let most_a_day = |times: &[i64]| {
            let within = |from: i64| times.iter().filter(move |t| (from..from + DAY).contains(*t));
            times.iter().map(|from| within(*from).count()).max().unwrap_or(0)
        };
        prop_assert!(most_a_day(&strangers) <= 117);
        prop_assert!(most_a_day(&known) <= 107);
    }

    #[test]
    fn no_wait_is_longer_than_an_hour_and_waiting_helps(tries in tries(), jump in -DAY..DAY) {
        let mut attack = Attack { account: used_account(), ..Attack::default() };
        let mut now = START;
        for (from, after, times) in tries {
            now += after;
            for _ in 0..times {
                attack.begin(network(from % 30), now);
            }
        }
        // The clock may have been wrong.
        now += jump;
        for from in (0..31).map(network) {
            let longest = if from == network(0) { LONGEST_WAIT_KNOWN } else { LONGEST_WAIT };
            let elsewhere = attack.networks.get(&from).cloned().unwrap_or_default();
            let (mut account, mut elsewhere) = (attack.account.clone(), elsewhere);
            if let Decision::Wait { until } = account.begin(&mut elsewhere, from, at(now)) {
                prop_assert!(at(now) < until && until <= at(now + longest));
                let refused = account.begin(&mut elsewhere, from, at(now));
                prop_assert_eq!(refused, Decision::Wait { until });
                prop_assert_eq!(account.begin(&mut elsewhere, from, until), Decision::Allow);
            }
        }
    }

    #[test]
    fn the_state_stays_small(tries in tries()) {
        let mut attack = Attack { account: used_account(), ..Attack::default() };
        let mut now = START;
        for (from, after, times) in tries {
            now += after;
            for number in 0..times {
                attack.begin(network(from + 1000 * number), now);
            }
            attack.account.welcome(network(from), at(now));
        }
        prop_assert!(attack.account.known.len() <= MOST_KNOWN);
        prop_assert!(attack.account.strangers.len() <= MOST_STRANGERS);
        prop_assert!(serde_json::to_string(&attack.account).unwrap().len() < 8192);
    }
}
