using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Architecture;

/// <summary>What a backup or a restore must not let anybody do, and the tests that hold it. One that is renamed or removed is missed here.</summary>
public sealed class BackupSecurityTests
{
    private static readonly (string Rule, string[] Tests)[] Rules =
    [
        ("A password is in no argument, no literal of a Job, no log and no result.",
            ["Nasty_passwords_and_passphrases_work_and_are_seen_nowhere", "No_password_is_an_argument", "No_secret_and_no_text_of_an_object_is_in_a_command", "What_is_secret_is_a_reference_and_the_pod_has_no_power", "No_secret_is_in_any_other_request"]),
        ("Commands are constants; whatever varies is a variable, a reference or a file.",
            ["A_command_is_a_constant", "No_secret_and_no_text_of_an_object_is_in_a_command", "A_bad_policy_is_blamed_on_its_field", "A_bad_restore_is_blamed_on_its_field"]),
        ("Names reach SQL and libpq only as plain identifiers, and data never as statements.",
            ["Odd_data_is_counted_and_restored_for_a_test", "A_wrong_password_a_missing_database_and_a_missing_passphrase_are_told_apart_and_leave_nothing", "A_dangerous_connection_names_the_field"]),
        ("What a database puts in front of the system's own names is not asked.",
            ["What_a_database_shadows_is_not_asked", "Nothing_of_the_databases_own_runs_and_the_truth_is_found"]),
        ("A dump, an archive and a set are data: nothing of them runs or leaves its volume, and nothing that exists is overwritten.",
            ["A_dump_runs_no_command", "Nothing_of_an_archive_leaves_the_data_volume", "A_link_in_the_place_of_a_file_is_refused", "Damaged_foreign_and_unknown_sets_are_refused_with_the_database_as_it_was",
             "Anything_that_a_set_cannot_hold_is_refused", "A_secret_with_powers_of_its_own_makes_the_whole_part_refused", "What_exists_is_somebodys_and_stays_as_it_is"]),
        ("A server that talks nonsense fails a Job and nothing else, and is not quoted.",
            ["A_server_that_talks_nonsense_is_one_that_cannot_be_reached_and_is_not_quoted", "Refused_garbled_and_broken_connections_are_not_told_apart"]),
        ("The operator dials nothing that only it could reach; Jobs dial from the namespace of who asked.",
            ["An_address_that_only_the_operator_could_reach_is_never_dialled", "A_name_that_leads_to_the_operators_own_machine_is_not_dialled"]),
        ("Nothing names an object of another namespace.",
            ["A_bad_backup_is_blamed_on_its_field", "A_bad_restore_is_blamed_on_its_field", "Objects_are_made_in_the_namespace_of_the_restore_without_owners_finalizers_and_status"]),
        ("A Job, its input and its pod belong to their object by UID, have no token and no power on the node, and go with it.",
            ["Manifests_are_word_by_word_as_they_were", "What_is_secret_is_a_reference_and_the_pod_has_no_power", "What_somebody_else_has_is_neither_used_nor_removed", "Jobs_and_inputs_go_so_that_no_finished_pod_holds_a_claim"]),
        ("What the server refused is told without the values of the row.",
            ["What_was_refused_is_named_without_the_values_of_the_row"]),
    ];

    [Fact]
    public void Every_rule_has_its_tests()
    {
        var code = string.Join('\n', SourceTree.CSharpOf("tests").Select(file => file.Code));
        foreach (var (rule, tests) in Rules)
        {
            tests.Where(test => !code.Contains($" {test}(", StringComparison.Ordinal)).ShouldBeEmpty(rule);
        }
    }
}
