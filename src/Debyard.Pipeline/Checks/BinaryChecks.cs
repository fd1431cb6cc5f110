using Debyard.Debian.Binaries;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Checks;

/// <summary>Checks that the binaries of a package run on its architecture.</summary>
public static class BinaryChecks
{
    /// <summary>The faults, each with file and remedy. Architectures that <see cref="Elf.MachineOf"/> does not know have none.</summary>
    /// <param name="package">The package to check.</param>
    /// <param name="target">What the image is built for; null for <c>all</c>.</param>
    public static IEnumerable<string> Faults(PackageContent package, BuildArchitecture? target)
    {
        var architecture = package.Name.Architecture;
        foreach (var (path, header, links) in package.Binaries)
        {
            if (architecture.IsAll)
            {
                yield return $"{package.Name} is for all architectures, but {path} is a binary for {header.MachineName}: "
                    + "leave the file out, or build the package for each architecture.";
            }
            else if (Elf.MachineOf(architecture) is { } machine && machine != header.Machine)
            {
                yield return $"{package.Name} is for {architecture}, but {path} is a binary for {header.MachineName}: "
                    + "compile it with ${TRIPLET}-gcc.";
            }
            else if (target is not null && WrongLibc(target, links) is { } wrong)
            {
                yield return $"{package.Name} is for {architecture} ({target.Triplet}), but {path} {wrong}: link it with ${{TRIPLET}}-gcc.";
            }
        }
    }

    // The loader of one libc cannot load what was linked with the other.
    static string? WrongLibc(BuildArchitecture target, ElfLinks links) =>
        links.Interpreter is { } interpreter && IsMuslLoader(interpreter) != target.IsMusl ? $"needs the loader {interpreter}"
        : target.IsMusl && links.Needed.FirstOrDefault(IsOfGlibc) is { } library ? $"needs glibc's {library}"
        : !target.IsMusl && links.Needed.FirstOrDefault(IsMuslLoader) is { } loader ? $"needs musl's {loader}"
        : null;

    // https://wiki.musl-libc.org/guidelines-for-distributions: /lib/ld-musl-$(ARCH).so.1
    static bool IsMuslLoader(string path) => Path.GetFileName(path).StartsWith("ld-musl-", StringComparison.Ordinal);

    static bool IsOfGlibc(string library) => library == "libc.so.6" || library.StartsWith("ld-linux", StringComparison.Ordinal);
}
