namespace Debyard.Pipeline.Checks;

/// <summary>
/// Whether what a package depends on brings the libraries its binaries need. Only what is certain is refused: a dependency that
/// nobody here knows may bring anything.
/// </summary>
/// <param name="built">The packages of the run: the checked ones and those they were built with.</param>
/// <param name="installed">What the build image has installed; null where that says nothing of the target.</param>
public sealed class LibraryChecks(IReadOnlyList<Provider> built, IReadOnlyList<Provider>? installed)
{
    readonly ILookup<string, Provider> byName = built
        .Concat(installed ?? [])
        .SelectMany(package => package.Provides.Prepend(package.Name).Select(name => (name, package)))
        .ToLookup(each => each.name, each => each.package);

    readonly ILookup<string, Provider> byLibrary = built
        .Concat(installed ?? [])
        .SelectMany(package => package.Libraries.Select(library => (library, package)))
        .ToLookup(each => each.library, each => each.package);

    /// <summary>What is wrong, each with file and library.</summary>
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
                    yield return $"{package.Name}: {path} needs {library}, which is in {string.Join(" or ", providers.Select(provider => provider.Name).Distinct())}: add it to Depends.";
                }
                else if (installed is not null)
                {
                    yield return $"{package.Name}: {path} needs {library}, which neither the package nor anything it depends on has.";
                }
            }
        }
    }

    // False where a dependency, direct or not, is known to nobody here.
    bool Reach(Provider package, HashSet<string> reached)
    {
        var isKnown = true;
        foreach (var name in package.DependsOn)
        {
            isKnown &= byName.Contains(name) || IsInstalled(package);
            foreach (var next in byName[name].Where(next => reached.Add(next.Name)))
            {
                isKnown &= Reach(next, reached);
            }
        }
        return isKnown;
    }

    // What is installed has what it depends on, if only by an alternative.
    bool IsInstalled(Provider package) => installed is not null && installed.Contains(package);
}
