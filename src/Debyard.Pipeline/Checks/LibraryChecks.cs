namespace Debyard.Pipeline.Checks;

/// <summary>
/// Checks that the dependencies of a package contain the libraries that its binaries need. A package with an unknown dependency has no
/// faults, because that dependency may contain any library.
/// </summary>
/// <param name="built">The packages of the run: the checked ones and those they were built with.</param>
/// <param name="installed">The packages installed in the build image; null if they are not those of the target.</param>
public sealed class LibraryChecks(IReadOnlyList<Provider> built, IReadOnlyList<Provider>? installed)
{
    readonly ILookup<string, Provider> byName = built
        .Concat(installed ?? [])
        .SelectMany(package => package.Provides.Prepend(package.Name).Select(name => (name, package)))
        .ToLookup(provided => provided.name, provided => provided.package);

    readonly ILookup<string, Provider> byLibrary = built
        .Concat(installed ?? [])
        .SelectMany(package => package.Libraries.Select(library => (library, package)))
        .ToLookup(contained => contained.library, contained => contained.package);

    /// <summary>The faults, each with file and library.</summary>
    public IEnumerable<string> Faults(PackageContent package)
    {
        var self = package.AsProvider();
        var reached = new HashSet<string>([self.Name], StringComparer.Ordinal);
        if (!Reach(self, reached))
        {
            yield break;
        }
        foreach (var (path, _, links) in package.Binaries)
        {
            foreach (var library in links.Needed.Where(library => !self.Libraries.Contains(library)))
            {
                var providers = byLibrary[library].ToList();
                if (providers.Any(provider => reached.Contains(provider.Name)))
                {
                    continue;
                }
                if (providers.Count > 0)
                {
                    var names = string.Join(" or ", providers.Select(provider => provider.Name).Distinct());
                    yield return $"{package.Name}: {path} needs {library}, which is in {names}: add it to Depends.";
                }
                else if (installed is not null)
                {
                    yield return $"{package.Name}: {path} needs {library}, which neither the package nor its dependencies contain.";
                }
            }
        }
    }

    // False if a dependency, direct or not, is unknown.
    bool Reach(Provider package, HashSet<string> reached)
    {
        var areKnown = true;
        foreach (var name in package.DependsOn)
        {
            areKnown &= byName.Contains(name) || IsInstalled(package);
            foreach (var next in byName[name].Where(next => reached.Add(next.Name)))
            {
                areKnown &= Reach(next, reached);
            }
        }
        return areKnown;
    }

    // dpkg has installed one alternative of each of its dependencies.
    bool IsInstalled(Provider package) => installed is not null && installed.Contains(package);
}
