using Debyard.Debian.Binaries;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Checks;

/// <summary>Whether a package's binaries run where the package says it installs.</summary>
public static class BinaryChecks
{
    /// <summary>What is wrong, each with file and remedy; none where all is well, or where the architecture's machine is not known.</summary>
    /// <param name="target">What the image is built for; null where it is <c>all</c>.</param>
    public static IEnumerable<string> Faults(PackageContent package, BuildArchitecture? target)
    {
        var architecture = package.Name.Architecture;
        foreach (var (path, header, links) in package.Binaries)
        {
            if (architecture.IsAll)
            {
                yield return $"{package.Name} is for all architectures, but {path} is a binary for {header.MachineName}: leave the file out, or build the package for each architecture.";
            }
            else if (Elf.MachineOf(architecture) is { } machine && machine != header.Machine)
            {
                yield return $"{package.Name} is for {architecture}, but {path} is a binary for {header.MachineName}: was it compiled by ${{TRIPLET}}'s compiler?";
            }
            else if (target is not null && Libc(target, links) is { } wrong)
            {
                yield return $"{package.Name} is for {architecture} ({target.Triplet}), but {path} {wrong}: was it linked by ${{TRIPLET}}'s compiler?";
            }
        }
    }

    // One libc's loader cannot load what was linked with the other.
    static string? Libc(BuildArchitecture target, ElfLinks links) =>
        links.Interpreter is { } interpreter && IsMuslLoader(interpreter) != target.IsMusl ? $"wants the loader {interpreter}"
        : target.IsMusl && links.Needed.FirstOrDefault(IsOfGlibc) is { } library ? $"needs glibc's {library}"
        : !target.IsMusl && links.Needed.FirstOrDefault(IsMuslLoader) is { } loader ? $"needs musl's {loader}"
        : null;

    // https://wiki.musl-libc.org/guidelines-for-distributions: /lib/ld-musl-$(ARCH).so.1
    static bool IsMuslLoader(string path) => Path.GetFileName(path).StartsWith("ld-musl-", StringComparison.Ordinal);

    static bool IsOfGlibc(string library) => library == "libc.so.6" || library.StartsWith("ld-linux", StringComparison.Ordinal);
}
