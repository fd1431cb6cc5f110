using System.Globalization;
using Debyard.Repository.Identity;
using Microsoft.Extensions.Configuration;

namespace Debyard.Server.Configuration;

/// <summary>The configuration or a section of it, read strictly: what is not understood is an error that names its key.</summary>
/// <param name="path">The section's key; empty for all.</param>
sealed class Settings(IConfiguration configuration, string path)
{
    public string Name => path[(path.LastIndexOf(':') + 1)..];

    public IEnumerable<Settings> Children => configuration.GetChildren().Select(child => new Settings(child, child.Path));

    public Settings? Section(string key) =>
        configuration.GetSection(key) is var section && section.Exists() ? new(section, section.Path) : null;

    /// <exception cref="ServerStartException">There is a key besides these.</exception>
    public Settings Only(params string[] keys) =>
        configuration.GetChildren().FirstOrDefault(child => !keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? throw new ServerStartException($"{unknown.Path} is no setting; {path} has {string.Join(", ", keys)}.")
            : this;

    public string? Text(string key) => configuration[key] is { Length: > 0 } text ? text : null;

    /// <exception cref="ServerStartException">It is missing.</exception>
    public string Required(string key) => Text(key) ?? throw new ServerStartException($"{PathOf(key)} is missing.");

    /// <summary>A list, or one text with commas, as an environment variable has it.</summary>
    public string[] List(string key) =>
        configuration.GetSection(key) is { Value: var text } list
            ? text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                ?? [.. list.GetChildren().Select(one => one.Value ?? "")]
            : [];

    /// <exception cref="ServerStartException">A pattern can match no branch.</exception>
    public IReadOnlyList<BranchPattern> Branches(string key) => Read(key, () => List(key).Select(BranchPattern.Parse).ToList());

    public long Number(string key, long otherwise, long least = 1, long most = int.MaxValue) =>
        Text(key) is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new ServerStartException($"{PathOf(key)} '{text}' is no number from {least} to {most}.");

    public int? NumberOrNone(string key) => Text(key) is null ? null : (int)Number(key, 0);

    /// <summary>What a value means, where its own type says what is wrong with it.</summary>
    /// <exception cref="ServerStartException">Wrong it is; the key is named, and the value only where the type does.</exception>
    public T Read<T>(string key, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException fault)
        {
            throw new ServerStartException($"{PathOf(key)}: {fault.Message}.", fault);
        }
    }

    string PathOf(string key) => path.Length == 0 ? key : $"{path}:{key}";
}
