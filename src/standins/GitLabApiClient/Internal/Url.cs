using System.Globalization;

namespace GitLabApiClient.Internal;

static class Url
{
    /// <summary>As the package has it: a text with a percent sign counts as encoded already.</summary>
    public static string Encode(string value) => value.Contains('%', StringComparison.Ordinal) ? value : Uri.EscapeDataString(value);

    /// <summary>The address with those parameters that have a value.</summary>
    public static string Of(string path, params (string Name, string Value)[] parameters)
    {
        var given = parameters.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Encode(p.Value)}").ToArray();
        return given.Length == 0 ? path : $"{path}?{string.Join('&', given)}";
    }

    public static string WhenTrue(bool value) => value ? "true" : null;

    public static string WhenSet(DateTime value) =>
        value.Year == 1 ? null : value.ToUniversalTime().ToString("o", CultureInfo.InvariantCulture);
}
