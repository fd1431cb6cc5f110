using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Debyard.Debian.Names;
using Debyard.Pipeline.Checks;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Validation;

/// <summary>
/// Packages to validate before they are published, with all that the validation depends on. A verdict is valid for exactly these
/// packages, dependencies, base and checks.
/// </summary>
public sealed record Candidate(Manifest Manifest, IReadOnlyList<PackageFile> Packages, IReadOnlyList<PackageFile> Dependencies, Image Base)
{
    // Scenarios run at the same time.
    readonly ConcurrentDictionary<string, byte[]> contents = new();

    public ValidationPlan Plan { get; init; } = Manifest.Validation!;

    /// <summary>Packages that are installed by name, from the branch.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The products that scenarios come from, by the scenario's name; null: all are the manifest's own.</summary>
    public IReadOnlyDictionary<string, ScenarioOrigin>? Origins { get; init; }

    /// <summary>The names of all packages that are validated.</summary>
    public IReadOnlyList<string> PackageNames =>
        [.. Packages.Select(file => DebFileName.Parse(file.FileName).Name.ToString()).Concat(Names).Distinct()];

    public ScenarioOrigin OriginOf(Scenario scenario) => Origins?[scenario.Name] ?? new ScenarioOrigin(PackageNames, Content);

    /// <summary>The fingerprint that a verdict is kept for.</summary>
    public Fingerprint Fingerprint =>
        field ??= Fingerprint.Over(
            Files("package", Packages)
                .Concat(Files("dependency", Dependencies))
                .Append(new Input("base", Base.Fingerprint.Value))
                .Append(new Input("validation", JsonSerializer.Serialize(Plan, PlanJson.Default.ValidationPlan)))
                .Concat(Plan.SourceFiles.Select(file => new Input(file, Convert.ToHexStringLower(SHA256.HashData(Content(file))))))
        );

    /// <summary>A file beside the manifest. It is read once, so that edits during the run do not get into the validation.</summary>
    public byte[] Content(string file) => contents.GetOrAdd(file, path => File.ReadAllBytes(Path.Combine(Manifest.Directory, path)));

    /// <summary>Whether the packages ship units of systemd.</summary>
    public async Task<bool> ShipsUnitsAsync(CancellationToken cancellation)
    {
        // What is installed by name is not at hand yet, and a system with systemd runs everything.
        if (Names.Count > 0)
        {
            return true;
        }
        foreach (var file in Packages)
        {
            var content = await PackageContent.ReadAsync(file.Path!, cancellation);
            if (content.Files.Any(path => path.Contains("lib/systemd/system/", StringComparison.Ordinal)))
            {
                return true;
            }
        }
        return false;
    }

    static IEnumerable<Input> Files(string kind, IReadOnlyList<PackageFile> files) =>
        files
            .OrderBy(file => file.FileName, StringComparer.Ordinal)
            .Select(file => new Input($"{kind} {file.FileName}", file.Digests.Sha256.ToString()));
}

/// <summary>What a scenario belongs to.</summary>
/// <param name="Packages">The packages whose units run if the scenario names none.</param>
/// <param name="ReadSource">Reads a file that the scenario names.</param>
public sealed record ScenarioOrigin(IReadOnlyList<string> Packages, Func<string, byte[]> ReadSource);

// Every key of the section is in the fingerprint, because the records are serialized as a whole.
[JsonSerializable(typeof(ValidationPlan))]
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
sealed partial class PlanJson : JsonSerializerContext;
