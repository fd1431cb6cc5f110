using Debyard.Debian.Names;

namespace Debyard.Pipeline.Rpm;

/// <summary>
/// A Debian version as rpm writes it. Both give <c>~</c> the same meaning. Debian treats a missing revision as 0 (deb-version(7)), and rpm
/// has no version without a release.
/// </summary>
public readonly record struct RpmVersion(int Epoch, string Version, string Release)
{
    /// <exception cref="PipelineException">The version has a colon besides that of the epoch.</exception>
    public static RpmVersion Of(DebianVersion version)
    {
        if (version.UpstreamVersion.Contains(':', StringComparison.Ordinal))
        {
            throw new PipelineException($"the version {version} has a colon, which rpm's versions cannot have: choose one without");
        }
        // rpm separates version and release by a hyphen, so the version has none.
        return new RpmVersion(
            version.Epoch,
            version.UpstreamVersion.Replace('-', '.'),
            version.Revision is { Length: > 0 } revision ? revision : "0"
        );
    }

    /// <summary><c>[epoch:]version-release</c>, as in relations.</summary>
    public override string ToString() => Epoch == 0 ? $"{Version}-{Release}" : $"{Epoch}:{Version}-{Release}";
}
