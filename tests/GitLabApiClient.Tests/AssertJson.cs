using System.Text.Json.Nodes;

namespace GitLabApiClient.Tests;

static class AssertJson
{
    /// <summary>The same members with the same values, in any order.</summary>
    public static void Equal(string expected, string actual)
    {
        if (!JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)))
            Assert.Equal(expected, actual);
    }
}
