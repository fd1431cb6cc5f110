using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Builds;

/// <summary>A minimal Debian made from the archive itself: no registry, no rate limit.</summary>
static class Bootstrap
{
    public static CommandLine Command(Image image, BaseImage.Bootstrapped @base, string archive) =>
        new(
            "mmdebstrap",
            [
                "--variant=minbase",
                $"--architectures={image.Architecture}",
                .. @base.Packages.Count > 0 ? [$"--include={string.Join(',', @base.Packages)}"] : Array.Empty<string>(),
                // Documentation is never read in a build or a validation; licences stay.
                "--dpkgopt=path-exclude=/usr/share/man/*",
                "--dpkgopt=path-exclude=/usr/share/locale/*",
                "--aptopt=Acquire::Retries \"3\"",
                @base.Suite,
                archive,
                .. Sources(@base),
            ]
        );

    // The mirror this machine already uses, for the suite, its updates and its security fixes; mmdebstrap's default where it has none.
    static IEnumerable<string> Sources(BaseImage.Bootstrapped @base)
    {
        if (@base.Mirror is { } mirror)
        {
            return [$"deb {mirror} {@base.Suite} main"];
        }
        string[] wanted = [@base.Suite, $"{@base.Suite}-updates", $"{@base.Suite}-security"];
        var known = CommandLine.TryRead(
            "apt-get",
            ["indextargets", "--format", "$(REPO_URI)|$(RELEASE)|$(COMPONENT)", "Identifier: Packages"],
            out var targets
        )
            ? targets
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('|'))
                .Where(parts => parts is [_, var suite, "main"] && wanted.Contains(suite))
                .Select(parts => $"deb {parts[0]} {parts[1]} {parts[2]}")
                .Distinct()
                .ToList()
            : [];
        // Updates alone are no Debian.
        return known.Any(line => line.Contains($" {@base.Suite} ", StringComparison.Ordinal)) ? known : [];
    }
}
