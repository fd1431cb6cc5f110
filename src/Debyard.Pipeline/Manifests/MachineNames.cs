namespace Debyard.Pipeline.Manifests;

/// <summary>What <c>uname -m</c>, GNU and Docker call an architecture that dpkg calls something else.</summary>
static class MachineNames
{
    static readonly Dictionary<string, string> debianNames = new()
    {
        ["aarch64"] = "arm64",
        ["x86_64"] = "amd64",
        ["x86-64"] = "amd64",
        ["x64"] = "amd64",
        ["armv7"] = "armhf",
        ["armv7l"] = "armhf",
        ["i686"] = "i386",
        ["ppc64le"] = "ppc64el",
    };

    /// <summary>dpkg's name for it; null if the name is not one of another system.</summary>
    public static string? ToDebian(string name) => debianNames.GetValueOrDefault(name.ToLowerInvariant());
}
