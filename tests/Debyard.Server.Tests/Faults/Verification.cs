using System.Text.Json.Nodes;

namespace Debyard.Server.Tests.Faults;

static class Verification
{
    /// <summary>What is answered with success.</summary>
    public static async Task<JsonNode> JsonAsync(this HttpClient http, string path) => JsonNode.Parse(await http.GetStringAsync(path))!;

    /// <summary>What <c>POST /api/verify</c> found.</summary>
    public static async Task<JsonNode> VerifyAsync(this HttpClient http)
    {
        using var response = await http.PostAsync("api/verify", null);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Every byte is what its index says.</summary>
    public static async Task AssertSoundAsync(this HttpClient http)
    {
        var report = await http.VerifyAsync();
        Assert.True(report["damaged"]!.AsArray().Count == 0, report.ToJsonString());
    }
}
