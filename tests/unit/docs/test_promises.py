"""Promises about the queue, durability, the webhook and monitoring.

Each promise names the tests that would fail if it were broken; a test that is renamed or dropped
has to be replaced here.
"""

import pytest

from tests.support.paths import ROOT
from tests.support.source_files import functions_in

TESTS = ROOT / "tests"
QUEUE: dict[str, tuple[str, ...]] = {
    "submits keep to 2/s and 90/min": (
        "pipeline/dispatcher::a_hundred_at_once",
        "unit/aio/rate_limiter::no_fixed_window_of_any_alignment_is_overrun",
    ),
    "a trusted key lifts that to 10/s and 300/min, seen in a header": (
        "integration/horde_adapter_failures::a_trusted_key_lifts_the_limits",
        "pipeline/dispatcher::a_trusted_key_lifts_the_limits",
        "unit/aio/rate_limiter::lifted_limits_apply_at_once",
    ),
    "at most 30 waiting pictures an account, counted by n": (
        "pipeline/account_slots::thirty_pictures_wait_at_once_and_no_more",
        "pipeline/account_slots::what_a_worker_has_taken_leaves_its_place",
        "pipeline/account_slots::each_key_has_places_of_its_own",
        "pipeline/account_slots::an_account_with_fewer_places_than_we_think",
    ),
    "Retry-After is obeyed": (
        "unit/aio/rate_limiter::a_429_is_obeyed",
        "pipeline/submitter::retry_after_is_obeyed",
        "pipeline/poll_step_failures::a_limit_on_looks_is_obeyed",
    ),
    "at full load 97 % of the rate, 3 % of 429": (
        "pipeline/dispatcher::a_hundred_at_once",
        "unit/aio/rate_limiter::over_the_net_nearly_nothing_is_refused_and_no_time_is_lost",
        "unit/aio/rate_limiter::a_thousand_with_lifted_limits",
    ),
    "a 429 keeps its place and is never shown": (
        "wire/faults::a_limiters_429_is_never_shown",
        "wire/monitoring::a_429_is_counted_and_nobody_sees_it",
        "pipeline/submitter::what_passes_is_waited_for_and_never_said",
        "unit/pipeline/fair_scheduler::a_turn_given_back_keeps_its_place",
    ),
    "fair by key, server, person, oldest first": (
        "unit/pipeline/fair_scheduler::one_person_is_served_oldest_first",
        "unit/pipeline/fair_scheduler::servers_share_equally_however_many_people_they_have",
        "pipeline/dispatcher::servers_take_turns",
        "pipeline/dispatcher::somebody_with_one_does_not_wait_behind_fifty",
    ),
    "a turn costs its n": ("unit/pipeline/fair_scheduler::a_turn_costs_its_pictures",),
    "what does not fit blocks its own key, overtaken five times": (
        "unit/pipeline/fair_scheduler::what_does_not_fit_blocks_its_own_key_alone",
        "unit/pipeline/fair_scheduler::a_large_request_is_overtaken_five_times_and_no_more",
    ),
    "the card shows the place and an honest estimate": (
        "pipeline/queue_updates::the_place_and_the_estimate_are_honest",
        "pipeline/queue_updates::who_waits_sees_the_place_move_but_not_every_second",
        "pipeline/submission::ones_own_are_listed_with_the_newest_look_at_them",
    ),
    "allow_downgrade, the real size said": (
        "unit/cards/image_result::a_picture_made_smaller_is_said_to_be",
    ),
    "else the refusal names the price and the way out": (
        "unit/horde/error_mapping::the_price_is_named",
        "unit/ui/estimate_card::too_few_kudos_in_hand_and_the_ways_out",
    ),
    "a dry run uses the same limit and the cache": (
        "pipeline/pricing::words_and_seed_do_not_change_a_price",
        "pipeline/pricing::anything_else_does",
        "pipeline/pricing::a_price_is_forgotten_after_a_day",
        "unit/pipeline/spare_call::a_question_counts_as_a_submit",
    ),
    "and is never asked while others wait": (
        "pipeline/pricing::nobody_is_asked_while_somebody_waits",
        "unit/pipeline/spare_call::whoever_waits_comes_first",
    ),
    "caps say which requests to wait for": (
        "wire/limits::the_seventh_request_is_refused_in_private",
        "wire/limits::a_server_may_have_a_limit_too",
        "unit/rules/place_checks::enough_under_way_is_said_with_their_numbers",
        "pipeline/submission::ten_at_once_do_not_slip_past_the_limit",
    ),
    "double presses make one request": (
        "integration/bot::an_interaction_delivered_twice_runs_once",
        "pipeline/submission::the_same_interaction_is_one_request",
        "integration/result_buttons::a_double_click_is_one_press",
    ),
    "a lost submit is adopted or sent once more, and says so": (
        "wire/faults::a_lost_submit_is_made_good",
        "pipeline/lost_submits::with_a_key_of_its_own_it_is_found_again",
        "pipeline/lost_submits::nothing_else_leaves_with_a_key_in_doubt",
        "pipeline/lost_submits::lost_twice_is_not_sent_a_third_time",
        "wire/webhook::a_ring_names_the_request_whose_receipt_was_lost",
    ),
}
NOTHING_LOST: dict[str, tuple[str, ...]] = {
    "kill -9 at every step": (
        "wire/kill_points::what_discord_never_heard_of_ends_unsent",
        "wire/kill_points::what_was_answered_ends_in_one_outcome",
        "wire/kill_points::with_a_key_of_its_own_it_is_found_again",
        "pipeline/recovery::killed_at_any_moment_it_ends_once",
        "pipeline/pipeline::everything_ends_once_and_is_seen",
    ),
    "SIGTERM within 8 s": (
        "wire/power_cut::sigterm_in_the_middle_of_everything",
        "pipeline/dispatcher::draining_does_not_wait_for_ever",
    ),
    "a copy of database and WAL": (
        "wire/power_cut::started_from_a_copy_of_database_and_wal",
        "unit/storage/database::what_was_committed_outlives_a_power_cut",
    ),
    "a restart after 25 minutes": (
        "wire/late_restart::what_is_ready_comes_into_its_message",
        "wire/late_restart::what_is_private_comes_as_a_direct_message",
        "wire/late_restart::what_the_horde_forgot_is_sent_again_once",
        "wire/late_restart::what_expired_meanwhile_is_not_sent_again",
        "wire/late_restart::what_was_begun_and_forgotten_has_expired",
        "wire/late_restart::what_was_never_answered_is_not_sent_and_that_is_said",
    ),
    "Horde: 5xx for one request": (
        "wire/faults::a_picture_that_does_not_come_is_explained",
        "pipeline/submitter::one_that_always_fails_is_refused_and_stops_nobody",
    ),
    "Horde: 5xx for all, ten minutes": (
        "pipeline/submitter::an_outage_rejects_nobody_however_long",
        "pipeline/failure_streak::when_all_submits_fail_for_ten_minutes_nobody_is_refused",
        "wire/horde_outage::an_outage_with_some_sent_and_some_not",
        "unit/backends/outage_monitor::an_outage_and_its_end_are_said_once",
    ),
    "Horde: HTML, time-outs, slow bodies, truncated JSON": (
        "wire/horde_outage::any_call_breaks_in_any_way",
        "unit/horde/failures::a_broken_answer",
        "unit/horde/failures::no_answer_in_time",
    ),
    "Horde: maintenance is a 400": (
        "wire/faults::maintenance_makes_everybody_wait",
        "unit/horde/error_mapping::maintenance",
        "pipeline/poll_step_failures::maintenance_does_not_keep_from_what_is_ready",
    ),
    "Horde: TimeoutIP": (
        "wire/horde_outage::an_address_in_time_out",
        "pipeline/poll_step_failures::an_address_in_time_out_still_gets_what_is_ready",
    ),
    "Horde: 404 in mid-way": (
        "wire/horde_outage::what_cannot_be_had_is_explained",
        "wire/faults::it_expires_unseen_and_is_sent_again_once",
        "pipeline/poll_step::what_was_begun_and_lost_is_handed_out_as_far_as_it_came",
    ),
    "Horde: done that lies": (
        "pipeline/poll_step::an_end_that_may_be_none_is_looked_at_twice",
        "pipeline/poll_step::one_that_is_stuck_ends_when_its_lifetime_is_over",
        "unit/backends/horde_status::its_own_word_changes_nothing",
    ),
    "Horde: a restart": ("wire/horde_outage::the_horde_restarts",),
    "Discord: 5xx, dropped TCP, 429": (
        "wire/faults::discord_fails_an_edit",
        "integration/delivery::trouble_on_the_way_is_tried_again",
    ),
    "Discord: gateway down at the first connect": (
        "wire/discord_outage::the_gateway_is_down_at_the_first_connect",
        "integration/gateway::discord_may_be_away_when_it_starts",
    ),
    "Discord: RESUME, op 7, op 9": ("wire/discord_outage::the_connection_is_mended",),
    "Discord: a deleted message": (
        "wire/faults::a_deleted_card_is_not_posted_again",
        "pipeline/submitter::the_message_is_deleted_before_it_was_sent",
    ),
    "Discord: channel, permission or server gone": (
        "wire/discord_outage::its_place_is_lost_and_the_token_is_dead",
        "wire/discord_outage::without_permission_the_token_still_shows_it",
    ),
    "Discord: a token older than 15 minutes": (
        "wire/faults::a_dead_token_is_not_the_end",
        "pipeline/token_expiry::while_the_horde_has_it",
        "pipeline/token_expiry::while_it_waits_with_us",
    ),
    "Discord: 35 minutes away with finished pictures": (
        "wire/discord_outage::thirty_five_minutes_away_with_a_finished_picture",
        "pipeline/settlement::discord_is_away_for_thirty_five_minutes",
    ),
    "Discord: upload too large": (
        "wire/discord_outage::a_picture_too_large_for_its_place",
        "integration/delivery::a_limit_that_shrank_meanwhile",
    ),
    "Discord: private results are never in a channel": (
        "wire/faults::a_private_result_with_a_dead_token_goes_to_the_dm",
        "wire/discord_outage::a_private_result_waits_for_its_person_when_there_is_no_dm",
        "unit/ui/channels::routes_of_an_outcome",
    ),
    "pictures: 404, no picture, a bomb, 40 MB": (
        "wire/faults::a_picture_that_does_not_come_is_explained",
        "wire/horde_outage::what_cannot_be_had_is_explained",
        "unit/pictures/formats::bombs_are_refused_unopened",
        "unit/horde/downloads::too_large_without_saying_so",
    ),
    "pictures: an expired link is asked for anew": (
        "wire/horde_outage::a_link_that_has_expired_is_asked_for_anew",
    ),
    "disk full": (
        "wire/disk::a_full_disk",
        "pipeline/result_download::a_full_disk_is_waited_for",
        "unit/storage/database::a_full_disk_is_said_and_nothing_is_half_written",
    ),
    "spool quota full": (
        "wire/disk::the_room_for_results_is_used_up_by_old_ones",
        "unit/storage/files::what_found_no_room_asks_for_a_sweep",
        "pipeline/recovery::a_result_without_room_does_not_wait_for_the_hour",
    ),
    "database locked": (
        "wire/disk::another_program_holds_the_database",
        "wire/disk::locked_just_when_a_receipt_comes",
        "pipeline/submitter::a_database_that_is_busy_at_any_moment",
    ),
    "database newer than the code": (
        "wire/power_cut::a_database_newer_than_the_code",
        "unit/storage/database::a_newer_database_is_refused_and_left_alone",
    ),
}
DOORBELL: dict[str, tuple[str, ...]] = {
    "an HMAC path, old keys accepted": (
        "unit/monitoring/webhook::a_genuine_ring_makes_us_look",
        "unit/monitoring/webhook::a_ring_made_with_an_older_key_still_counts",
        "unit/monitoring/webhook::other_addresses_do_not_ring",
        "unit/monitoring/webhook::an_address_tells_nothing_of_the_key",
    ),
    "answered at once, its body never trusted": (
        "unit/monitoring/webhook::a_body_that_never_ends_keeps_nobody_waiting",
        "unit/monitoring/webhook::a_ring_names_what_was_lost_and_nothing_else",
        "pipeline/lost_submits::a_ring_with_a_made_up_name_proves_nothing",
    ),
    "deduplicated, coalesced, at most 8 full looks a minute": (
        "wire/webhook::a_flood_of_rings_costs_two_looks",
        "pipeline/poll_step::a_hundred_rings_are_one",
        "unit/pipeline/poller::rings_keep_a_second_apart_and_never_put_off_a_look",
    ),
    "works behind a reverse proxy": ("wire/webhook::a_ring_through_a_proxy_brings_the_picture",),
    "survives being unreachable": ("wire/webhook::a_bell_that_cannot_ring_changes_nothing",),
    "partial results appear as they ring": ("wire/webhook::parts_are_shown_as_they_ring",),
}
OUTSIDE: dict[str, tuple[str, ...]] = {
    "/healthz": (
        "wire/monitoring::the_gateway_is_down_and_comes_back",
        "wire/monitoring::the_horde_is_out_and_comes_back",
        "unit/monitoring/health::the_database_cannot_be_read",
    ),
    "/metrics": (
        "wire/monitoring::figures_of_a_picture_without_a_trace_of_its_person",
        "wire/monitoring::what_waits_and_what_is_open",
        "unit/monitoring/metrics::errors_are_counted_by_class",
    ),
    "dashboard and alert rules": (
        "unit/docs/dashboard::it_asks_for_what_there_is",
        "unit/docs/dashboard::an_alert_is_complete_and_explained",
    ),
    "structured logs": ("wire/monitoring::a_log_for_machines_holds_no_secret",),
    "/operator stats and drain": (
        "wire/operator::hidden_and_only_for_the_applications_owner",
        "wire/operator::a_drain_refuses_what_is_new_and_lets_the_rest_go_on",
    ),
}
PROMISES = QUEUE | NOTHING_LOST | DOORBELL | OUTSIDE


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_has_its_tests(promise: str) -> None:
    for name in PROMISES[promise]:
        file, _, test = name.partition("::")
        folder, _, stem = file.rpartition("/")
        assert f"test_{test}" in functions_in(TESTS / folder / f"test_{stem}.py"), name
