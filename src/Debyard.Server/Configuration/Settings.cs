using System.Globalization;
using Debyard.Repository.Identity;
using Microsoft.Extensions.Configuration;

namespace Debyard.Server.Configuration;

/// <summary>
/// The configuration or one section of it, read strictly: an unknown key or an invalid value is an error that names the key.
/// </summary>
/// <param name="path">The section's key; empty for the whole configuration.</param>
sealed class Settings(IConfiguration configuration, string path)
{
    public string Name => path[(path.LastIndexOf(':') + 1)..];

    /// <summary>The section's key with those of the sections that it is in: <c>Access:Tokens</c>.</summary>
    public string Path => path;

    /// <summary>True for one text and for a list of texts, false for a map.</summary>
    public bool IsList => !configuration.GetChildren().Any() || configuration.GetChildren().All(item => int.TryParse(item.Key, out _));

    public IEnumerable<Settings> Children => configuration.GetChildren().Select(child => new Settings(child, child.Path));

    public Settings? Section(string key) =>
        configuration.GetSection(key) is var section && section.Exists() ? new(section, section.Path) : null;

    /// <exception cref="ServerStartException">The section has another key.</exception>
    public Settings Only(params string[] keys) =>
        configuration.GetChildren().FirstOrDefault(child => !keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? throw new ServerStartException($"Unknown setting {unknown.Path}; the settings of {path} are {string.Join(", ", keys)}.")
            : this;

    public string? Text(string key) => configuration[key] is { Length: > 0 } text ? text : null;

    /// <exception cref="ServerStartException">It is missing.</exception>
    public string Required(string key) => Text(key) ?? throw new ServerStartException($"{PathOf(key)} is missing.");

    /// <summary>A secret, which is the value of <paramref name="key"/> or the content of the file that <c>{key}File</c> names.</summary>
    /// <param name="folder">The folder that the file's path is relative to.</param>
    /// <param name="root">The served folder, which must not hold the file.</param>
    /// <exception cref="ServerStartException">There is neither or both, or the file cannot be read.</exception>
    public string Secret(string key, string folder, string root)
    {
        var file = $"{key}File";
        switch ((Text(key), Text(file)))
        {
            case ({ } text, null):
                return text;
            case (null, { } name):
                var location = System.IO.Path.Combine(folder, name);
                ServedFolder.RequireOutside(root, location);
                try
                {
                    return File.ReadAllText(location).Trim();
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
                {
                    throw new ServerStartException($"{PathOf(file)} cannot be read: {fault.Message}", fault);
                }
            default:
                throw new ServerStartException($"{path} needs either {key} or {file}.");
        }
    }

    /// <exception cref="ServerStartException">It is missing or not an absolute URL.</exception>
    public Uri Url(string key) =>
        Read(
            key,
            () =>
                Uri.TryCreate(Required(key), UriKind.Absolute, out var url) ? url : throw new FormatException($"'{Text(key)}' is not a URL")
        );

    /// <summary>A list, or one text with commas, as in an environment variable.</summary>
    public string[] List(string key) =>
        configuration.GetSection(key) is { Value: var text } list
            ? text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                ?? [.. list.GetChildren().Select(item => item.Value ?? "")]
            : [];

    /// <exception cref="ServerStartException">A pattern can match no branch.</exception>
    public IReadOnlyList<BranchPattern> Branches(string key) => Read(key, () => List(key).Select(BranchPattern.Parse).ToList());

    public long Number(string key, long otherwise, long least = 1, long most = int.MaxValue) =>
        Text(key) is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new ServerStartException($"{PathOf(key)} '{text}' is not a number from {least} to {most}.");

    /// <exception cref="ServerStartException">The value is neither true nor false.</exception>
    public bool Flag(string key) =>
        Text(key) is not { } text ? false
        : bool.TryParse(text, out var flag) ? flag
        : throw new ServerStartException($"{PathOf(key)} '{text}' is neither true nor false.");

    public int? NumberOrNone(string key) => Text(key) is null ? null : (int)Number(key, 0);

    /// <summary>Reads a value whose type validates it.</summary>
    /// <exception cref="ServerStartException">The type threw a FormatException; the message adds the key, but not the value, which may be a
    /// secret.</exception>
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
