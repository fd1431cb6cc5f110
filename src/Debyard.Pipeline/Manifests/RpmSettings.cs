namespace Debyard.Pipeline.Manifests;

/// <summary>What the rpm of a package has that its .deb cannot say: the <c>rpm</c> section of a dependency or package.</summary>
public sealed record RpmSettings
{
    public static RpmSettings None { get; } = new();

    /// <summary>The scriptlets that an rpm may have.</summary>
    public static IReadOnlyList<string> ScriptNames { get; } = ["pre", "post", "preun", "postun", "posttrans"];

    /// <summary>
    /// What the rpm requires of the distribution, in rpm's syntax, instead of the distribution's packages that the .deb depends on; null if
    /// the manifest does not say.
    /// </summary>
    public IReadOnlyList<string>? Requires { get; init; }

    /// <summary>Control fields and control files to leave out although they have no counterpart in rpm.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Shell scripts by scriptlet. If there is one, none of the package's maintainer scripts is translated.</summary>
    public IReadOnlyDictionary<string, string> Scripts { get; init; } = new Dictionary<string, string>();

    /// <summary>The rpm's License; null: a reference to the package's copyright file.</summary>
    public string? License { get; init; }
}
