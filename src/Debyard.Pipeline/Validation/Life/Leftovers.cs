using Debyard.Pipeline.Dockerfiles;
using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Validation.Life;

/// <summary>What a purge did not undo. Debian Policy 6.8 and 10.7.3: a purge removes all that belongs to the package.</summary>
public static class Leftovers
{
    // What apt, dpkg, debconf and systemd themselves write in any run.
    const string Bookkeeping = """
        run
        tmp
        dev
        proc
        sys
        var/lib/apt
        var/lib/dpkg
        var/cache/apt
        var/cache/debconf
        var/cache/debyard
        var/cache/ldconfig
        var/cache/man
        var/log/apt
        var/log/journal
        var/log/dpkg.log
        var/log/alternatives.log
        var/log/wtmp
        var/log/lastlog
        var/log/faillog
        var/lib/systemd/catalog
        var/lib/systemd/timers
        var/lib/systemd/random-seed
        var/lib/dbus
        var/tmp/systemd-private-*
        etc/.pwd.lock
        etc/*-
        etc/passwd
        etc/group
        etc/shadow
        etc/gshadow
        etc/subuid
        etc/subgid
        etc/ld.so.cache
        etc/machine-id
        etc/mtab
        etc/resolv.conf
        etc/hostname
        etc/hosts
        """;

    // dpkg removes a folder that becomes empty with its last package. These come from no package: base-files makes them once.
    static readonly HashSet<string> foldersOfBase = ["/opt", "/srv", "/usr/local/bin", "/usr/local/lib", "/usr/local/share"];

    // Created by systemd for the first service with DynamicUser=yes; what is in them belongs to services.
    static readonly HashSet<string> foldersOfSystemd = ["/var/lib/private", "/var/cache/private", "/var/log/private"];

    /// <param name="before">The system before the packages were installed.</param>
    /// <param name="after">The system after they were purged.</param>
    /// <param name="allowed">Patterns of absolute paths that may stay; <c>/x/**</c> includes <c>/x</c> itself.</param>
    /// <returns>One line for each thing that is left, or missing.</returns>
    public static IReadOnlyList<string> Find(SystemState before, SystemState after, IReadOnlyList<string> allowed)
    {
        // The patterns of .dockerignore files are those of the manifest, relative to the root; what matches a folder matches all in it.
        var ignored = DockerIgnore.Parse(Bookkeeping + "\n" + string.Join('\n', allowed.Select(Relative)));
        var files =
            from change in after.Files
            where before.Files.GetValueOrDefault(change.Key, (FileChangeKind)(-1)) != change.Value
            where change.Value != FileChangeKind.Modified && !ignored.Ignores(change.Key[1..])
            where change.Value != FileChangeKind.Deleted || !foldersOfBase.Contains(change.Key)
            // A folder is left because of what is in it, so its content says enough.
            where change.Value != FileChangeKind.Added || !HasContent(after, change.Key) && !foldersOfSystemd.Contains(change.Key)
            select (change.Key, Line: $"{(change.Value == FileChangeKind.Added ? "left" : "missing")}: {change.Key}");
        var edited =
            from file in before.Contents
            where after.Contents.TryGetValue(file.Key, out var content) && content != file.Value
            where !ignored.Ignores(file.Key[1..])
            select (file.Key, Line: $"changed: {file.Key}");
        return
        [
            .. files.Concat(edited).OrderBy(found => found.Key, StringComparer.Ordinal).Select(found => found.Line),
            .. New(before.Users, after.Users, "user"),
            .. New(before.Groups, after.Groups, "group"),
            .. New(before.Units, after.Units, "unit still runs"),
        ];
    }

    static IEnumerable<string> New(IReadOnlySet<string> before, IReadOnlySet<string> after, string what) =>
        after.Except(before).Order(StringComparer.Ordinal).Select(name => $"left: {what} {name}");

    static bool HasContent(SystemState state, string folder) =>
        state.Files.Any(change => change.Value == FileChangeKind.Added && change.Key.StartsWith(folder + "/", StringComparison.Ordinal));

    static string Relative(string pattern) => (pattern.EndsWith("/**", StringComparison.Ordinal) ? pattern[..^3] : pattern).TrimStart('/');
}
