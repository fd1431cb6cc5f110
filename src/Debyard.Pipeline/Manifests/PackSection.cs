using Debyard.Debian.Packages;

namespace Debyard.Pipeline.Manifests;

/// <summary>How a package is made of a tree of files: an image's <c>/package</c>, or a folder beside the manifest.</summary>
public sealed record PackSection
{
    /// <summary>The folder to pack, relative to the manifest; <c>${ARCHITECTURE}</c> is replaced. Null: the image's.</summary>
    public string? From { get; init; }

    /// <summary>A file with control fields, relative to the manifest. <see cref="Fields"/> come before it.</summary>
    public string? Control { get; init; }

    /// <summary>Control fields by their names in a control file.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<PackContent> Contents { get; init; } = [];

    /// <summary>Maintainer scripts: name to file, relative to the manifest.</summary>
    public IReadOnlyDictionary<string, string> Scripts { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<PackUnit> Units { get; init; } = [];

    /// <summary>A changelog in Debian's format (deb-changelog(5)), relative to the manifest; null: one entry is generated.</summary>
    public string? Changelog { get; init; }

    /// <summary>The licence, relative to the manifest; null: it is in the tree.</summary>
    public string? Copyright { get; init; }

    /// <summary>lintian tags, each with its context if it has one, and the reason why the package is right.</summary>
    public IReadOnlyDictionary<string, string> LintianOverrides { get; init; } = new Dictionary<string, string>();

    public DebCompression Compression { get; init; } = DebCompression.Xz;

    public int? Level { get; init; }

    /// <summary>The section in one form for all ways to write it, so that a change of format or place is no change.</summary>
    public required string Text { get; init; }

    /// <summary>The line of the section in the manifest.</summary>
    public required long Line { get; init; }

    /// <summary>The files and folders that the section names, relative to the manifest; some are patterns.</summary>
    public IEnumerable<string> Sources =>
        new[] { Control, Changelog, Copyright }.Concat(Scripts.Values).Concat(Contents.Select(content => content.From)).OfType<string>();
}

/// <summary>What an entry of <c>contents</c> puts into the package.</summary>
public enum PackContentType
{
    /// <summary>A file; below <c>/etc</c> a configuration file.</summary>
    File,

    /// <summary>A configuration file, whose changes upgrades keep (Debian Policy 10.7).</summary>
    Config,

    /// <summary>An empty folder, or properties of one that the tree has.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    Symlink,

    /// <summary>Nothing new: other properties for what the tree has.</summary>
    Change,

    /// <summary>Takes files out of the tree.</summary>
    Remove,
}

/// <summary>An entry of <c>contents</c>.</summary>
/// <param name="Line">Its line in the manifest.</param>
/// <param name="From">A file, a folder or a pattern, relative to the manifest.</param>
/// <param name="To">The path in the package; one that ends with <c>/</c> is a folder to copy into.</param>
/// <param name="Text">The text of the file, instead of <paramref name="From"/>.</param>
/// <param name="Link">The target of the symbolic link.</param>
public sealed record PackContent(
    long Line,
    PackContentType Type,
    string? From,
    string To,
    string? Text,
    string? Link,
    string? Owner,
    string? Group,
    UnixFileMode? Mode
);

/// <summary>When a unit of the package that runs is restarted on an upgrade, as dh_installsystemd does.</summary>
public enum UnitRestart
{
    /// <summary>After the new files are in place: the shortest interruption.</summary>
    After,

    /// <summary>Stopped before the old files go, started when the new ones are in place.</summary>
    Around,

    /// <summary>The old process goes on.</summary>
    Never,
}

/// <summary>How the maintainer scripts treat a systemd unit of the package.</summary>
/// <param name="Line">Its line in the manifest.</param>
/// <param name="Enable">Whether the first installation enables it; an administrator's choice is kept later.</param>
/// <param name="Start">Whether the first installation starts it.</param>
public sealed record PackUnit(long Line, string Name, bool Enable, bool Start, UnitRestart Restart);
