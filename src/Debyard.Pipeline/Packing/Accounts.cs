using System.Text.RegularExpressions;
using Debyard.Debian.Packages;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Packing;

/// <summary>
/// Owners of entries. Accounts of Debian's base-passwd have the same number everywhere, so the package's archive names them. Other accounts
/// exist only after the package has created them (sysusers.d), so postinst changes the owner then.
/// </summary>
sealed partial class Accounts(PackJob job)
{
    // systemd's strict rule, which adduser follows too (systemd.io/USER_NAMES). The names get into shell scripts.
    [GeneratedRegex("^[a-z_][a-z0-9_-]{0,30}$")]
    private static partial Regex AccountName { get; }

    // /usr/share/base-passwd/{passwd,group}.master
    static readonly Dictionary<string, int> users = new(StringComparer.Ordinal)
    {
        ["root"] = 0,
        ["daemon"] = 1,
        ["bin"] = 2,
        ["sys"] = 3,
        ["games"] = 5,
        ["man"] = 6,
        ["lp"] = 7,
        ["mail"] = 8,
        ["news"] = 9,
        ["uucp"] = 10,
        ["proxy"] = 13,
        ["www-data"] = 33,
        ["backup"] = 34,
        ["list"] = 38,
        ["irc"] = 39,
        ["nobody"] = 65534,
    };

    static readonly Dictionary<string, int> groups = new(StringComparer.Ordinal)
    {
        ["root"] = 0,
        ["daemon"] = 1,
        ["bin"] = 2,
        ["sys"] = 3,
        ["adm"] = 4,
        ["tty"] = 5,
        ["disk"] = 6,
        ["lp"] = 7,
        ["mail"] = 8,
        ["news"] = 9,
        ["uucp"] = 10,
        ["man"] = 12,
        ["proxy"] = 13,
        ["kmem"] = 15,
        ["dialout"] = 20,
        ["cdrom"] = 24,
        ["sudo"] = 27,
        ["audio"] = 29,
        ["www-data"] = 33,
        ["backup"] = 34,
        ["shadow"] = 42,
        ["video"] = 44,
        ["staff"] = 50,
        ["games"] = 60,
        ["users"] = 100,
        ["nogroup"] = 65534,
    };

    readonly SortedDictionary<string, (string User, string Group, long Line)> later = new(StringComparer.Ordinal);

    /// <summary>The entries whose owner postinst sets.</summary>
    public IEnumerable<(string Path, string User, string Group)> Later =>
        later.Select(entry => (entry.Key, entry.Value.User, entry.Value.Group));

    public DebEntry Owned(DebEntry entry, PackContent content)
    {
        var (user, group) = (content.Owner ?? "root", content.Group ?? content.Owner ?? "root");
        if (new[] { user, group }.FirstOrDefault(name => !AccountName.IsMatch(name)) is { } wrong)
        {
            throw job.Wrong($"'{wrong}' is not an account's name: use lower-case letters, digits, '_' and '-'", content.Line);
        }
        later.Remove(entry.Path);
        if (users.TryGetValue(user, out var uid) && groups.TryGetValue(group, out var gid))
        {
            return entry with { Owner = new DebOwner(user, uid, group, gid) };
        }
        later.Add(entry.Path, (user, group, content.Line));
        return entry;
    }

    /// <summary>Every account that is not Debian's must be one that the package creates.</summary>
    /// <exception cref="PipelineException">It is not.</exception>
    public void Check(PackTree tree)
    {
        if (later.Count == 0)
        {
            return;
        }
        var (ownUsers, ownGroups) = Created(tree);
        foreach (var (path, (user, group, line)) in later)
        {
            Require(user, "user", users.Keys.Concat(ownUsers).ToHashSet(), path, line);
            Require(group, "group", groups.Keys.Concat(ownUsers).Concat(ownGroups).ToHashSet(), path, line);
        }
    }

    void Require(string name, string what, HashSet<string> known, string path, long line)
    {
        if (!known.Contains(name))
        {
            throw job.Wrong(
                $"{path} belongs to the {what} '{name}', which neither Debian's base-passwd nor a file of the package in "
                    + $"/usr/lib/sysusers.d creates; {NearestWord.Suggestion(name, known)}",
                line
            );
        }
    }

    // sysusers.d(5): "u name …" creates a user and its group, "g name …" a group.
    static (HashSet<string> Users, HashSet<string> Groups) Created(PackTree tree)
    {
        var lines = MaintainerScripts
            .FilesIn(tree, "/usr/lib/sysusers.d", ".conf")
            .SelectMany(file =>
            {
                using var reader = new StreamReader(file.Open());
                return reader.ReadToEnd().Split('\n');
            })
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length >= 2)
            .ToLookup(words => words[0].TrimEnd('!'), words => words[1]);
        return ([.. lines["u"]], [.. lines["g"]]);
    }
}
