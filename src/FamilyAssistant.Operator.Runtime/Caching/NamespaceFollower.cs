namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>Lets one informer watch exactly the namespaces in which another one has objects.</summary>
internal static class NamespaceFollower
{
    /// <summary>Connects the two. A namespace is followed before its first object reaches any controller that subscribes later.</summary>
    public static void Connect(Informer leader, Informer follower)
    {
        var gate = new Lock();
        leader.Subscribe(change =>
        {
            // Changes reach this from several threads, in any order: what counts is what the cache holds, looked at one at a time.
            var name = change.Object.Key.Namespace;
            lock (gate)
            {
                if (leader.Store.HasAny(name))
                {
                    follower.Follow(name);
                }
                else
                {
                    follower.Unfollow(name);
                }
            }
        });
    }
}
