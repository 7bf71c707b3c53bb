using System.Globalization;
using System.Text;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>Which list of users the running pods follow, which is not the one of the spec until the last pod of before is gone. Pure; read from what runs, never from what was meant.</summary>
/// <param name="Status">For the status; null when no pod has a bot and none is meant to.</param>
/// <param name="Note">What a person should know while a pod follows another list, as a sentence with a blank before it; else empty.</param>
internal sealed record UsersInForce(AllowedUsersStatus? Status, string Note)
{
    /// <summary>The list in force.</summary>
    /// <param name="meant">Whom the bot is meant to serve; null when there is no bot.</param>
    /// <param name="pods">The application's pods, terminating ones too.</param>
    /// <param name="previous">What status said before: since when.</param>
    /// <param name="now">Now.</param>
    public static UsersInForce Of(ServedUsers? meant, IEnumerable<V1Pod> pods, AllowedUsersStatus? previous, DateTimeOffset now)
    {
        var wanted = Entry(meant);
        var other = pods
            .Where(static pod => pod.Status?.Phase is not ("Succeeded" or "Failed"))
            .Select(pod => (Pod: pod.Metadata.Name, List: Entry(pod.Spec, wanted)))
            .FirstOrDefault(found => found.List is not null && !IsSame(found.List, wanted));
        var inForce = other.List ?? wanted;
        return new UsersInForce(
            inForce is null ? null : IsSame(inForce, previous) ? previous : inForce with { Since = inForce.Source == AllowedUsersSource.Secret ? null : Time(now) },
            other.List is null ? "" : Describe(other.Pod, other.List, wanted));
    }

    private static string Describe(string pod, AllowedUsersStatus runs, AllowedUsersStatus? wanted)
    {
        if (wanted is null)
        {
            return $" Until pod {pod} is gone, its bot runs.";
        }

        if (runs.Source == AllowedUsersSource.Anyone)
        {
            return $" Until pod {pod} is gone, its bot serves every Telegram user.";
        }

        if (runs.Ids is null || wanted.Ids is null)
        {
            return $" Until pod {pod} is gone, its bot follows the list of users of before.";
        }

        var removed = runs.Ids.Except(wanted.Ids).Select(static id => id.ToString(CultureInfo.InvariantCulture)).ToArray();
        return removed.Length == 0
            ? $" Until pod {pod} is gone, its bot does not know the users that were added."
            : $" Until pod {pod} is gone, its bot still serves {(removed.Length == 1 ? "user" : "users")} {string.Join(", ", removed)}, no longer on the list.";
    }

    private static AllowedUsersStatus? Entry(ServedUsers? users) => users switch
    {
        ServedUsers.FromSpec(var ids) => new AllowedUsersStatus { Source = AllowedUsersSource.Spec, Ids = ids },
        ServedUsers.FromSecret => new AllowedUsersStatus { Source = AllowedUsersSource.Secret },
        ServedUsers.Anyone => new AllowedUsersStatus { Source = AllowedUsersSource.Anyone },
        _ => null,
    };

    /// <summary>What a pod follows, by its own spec. A list that is written out there comes from the instance's spec; one by reference, from a Secret, and its ids are nobody's business here.</summary>
    private static AllowedUsersStatus? Entry(V1PodSpec? pod, AllowedUsersStatus? wanted)
    {
        var container = pod?.Containers?.FirstOrDefault(static container => container.Name == AppContract.Container);
        var list = container?.Env?.FirstOrDefault(static variable => variable.Name == AppContract.AllowedUsers);
        if (list is { ValueFrom: null, Value: { } text })
        {
            return Entry(UserList.Parse(Encoding.UTF8.GetBytes(text)) is UserList.WellFormed(var ids) ? new ServedUsers.FromSpec(ids) : new ServedUsers.Anyone());
        }

        // A pod of an earlier version of the operator has the whole Secret as its environment, and does not show what is in it.
        if (container?.EnvFrom is { Count: > 0 })
        {
            return wanted is { Source: AllowedUsersSource.Anyone } ? wanted : wanted is null ? null : new AllowedUsersStatus { Source = AllowedUsersSource.Secret };
        }

        return container?.Env?.Any(static variable => variable.Name == AppContract.BotToken) != true ? null
            : list is not null ? new AllowedUsersStatus { Source = AllowedUsersSource.Secret }
            : new AllowedUsersStatus { Source = AllowedUsersSource.Anyone };
    }

    private static bool IsSame(AllowedUsersStatus? one, AllowedUsersStatus? other) =>
        one is null ? other is null : other is not null && one.Source == other.Source && (one.Ids ?? []).Order().SequenceEqual((other.Ids ?? []).Order());

    private static string Time(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
