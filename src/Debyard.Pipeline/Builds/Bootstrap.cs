using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Builds;

/// <summary>A minimal Debian from the Debian archive, which needs no registry and has no rate limit.</summary>
static class Bootstrap
{
    public static CommandLine Command(Image image, BaseImage.Bootstrapped @base, string archive) =>
        new(
            "mmdebstrap",
            [
                "--variant=minbase",
                $"--architectures={image.Architecture}",
                .. @base.Packages.Count > 0 ? [$"--include={string.Join(',', @base.Packages)}"] : Array.Empty<string>(),
                // Builds and validations never read documentation; licences stay.
                "--dpkgopt=path-exclude=/usr/share/man/*",
                "--dpkgopt=path-exclude=/usr/share/locale/*",
                "--aptopt=Acquire::Retries \"3\"",
                @base.Suite,
                archive,
                .. Sources(@base),
            ]
        );

    // The mirror that this machine uses, for the suite with its updates and security fixes; mmdebstrap's default if there is none.
    static IEnumerable<string> Sources(BaseImage.Bootstrapped @base)
    {
        if (@base.Mirror is { } mirror)
        {
            return [$"deb {mirror} {@base.Suite} main"];
        }
        string[] wanted = [@base.Suite, $"{@base.Suite}-updates", $"{@base.Suite}-security"];
        var sources = CommandLine.TryRead(
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
        // Updates are useless without the suite itself.
        return sources.Any(line => line.Contains($" {@base.Suite} ", StringComparison.Ordinal)) ? sources : [];
    }
}
