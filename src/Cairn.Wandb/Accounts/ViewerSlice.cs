using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Accounts;

/// <summary>Who is logged in, and what the server can do: the first questions of every client.</summary>
internal sealed class ViewerSlice : ISchemaSlice
{
    public string Text =>
        """
        extend type Query {
          viewer: User
          serverInfo: ServerInfo
          entity(name: String): Entity
          organization(name: String!): Organization
        }
        type User {
          id: ID!
          name: String
          username: String
          email: String
          admin: Boolean
          flags: JSONString
          entity: String
          deletedAt: DateTime
          teams: EntityConnection
          apiKeys: ApiKeyConnection
        }
        type ApiKey { id: ID! name: String description: String }
        type ApiKeyConnection { edges: [ApiKeyEdge!]! }
        type ApiKeyEdge { node: ApiKey }
        type Entity {
          id: ID!
          name: String!
          isTeam: Boolean!
          organization: Organization
        }
        type EntityConnection { edges: [EntityEdge!]! }
        type EntityEdge { node: Entity }
        type Organization {
          id: ID!
          name: String!
          coreWeaveOrganizationId: String
        }
        type ServerInfo {
          cliVersionInfo: JSON
          latestLocalVersionInfo: LocalVersionInfo
          features: [ServerFeature!]!
        }
        type LocalVersionInfo {
          outOfDate: Boolean
          latestVersionString: String
          versionOnThisInstanceString: String
        }
        type ServerFeature { name: String! isEnabled: Boolean! }
        type ServerSettings { serverMessages: [ServerMessage!]! }
        type ServerMessage {
          utfText: String
          plainText: String
          htmlText: String
          messageType: String
          messageLevel: String
        }
        type PageInfo {
          endCursor: String
          hasNextPage: Boolean!
        }
        """;

    public void Answer(SchemaBuilder schema)
    {
        schema.Query
            .Field("viewer", _ => Viewer.Of())
            .Field("serverInfo", _ => ServerFacts.Instance)
            .Field("entity", _ => EntityNode.Default)
            .Field("organization", _ => Organization.Only);
        schema.Object<Viewer>("User")
            .Field("id", viewer => NodeId.Of("User", viewer.Number))
            .Field("name", viewer => viewer.Name)
            .Field("username", viewer => viewer.Name)
            .Field("email", _ => "")
            .Field("admin", viewer => viewer.IsAdmin)
            .Field("flags", _ => """{"code_saving_enabled":true}""")
            .Field("entity", _ => Entities.Default)
            .Field("deletedAt", _ => null)
            .Field("teams", _ => new Page<EntityNode>([EntityNode.Default]))
            .Field("apiKeys", _ => new Page<string>([]));
        schema.Object<string>("ApiKey").Field("id", key => NodeId.Of("ApiKey", key)).Field("name", key => key).Field("description", _ => null);
        schema.Object<Page<string>>("ApiKeyConnection").Field("edges", page => page.Items);
        schema.Object<string>("ApiKeyEdge").Field("node", key => key);
        schema.Object<EntityNode>("Entity")
            .Field("id", _ => NodeId.Of("Entity", 1))
            .Field("name", entity => entity.Name)
            .Field("isTeam", _ => false)
            .Field("organization", _ => Organization.Only);
        schema.Object<Page<EntityNode>>("EntityConnection").Field("edges", page => page.Items);
        schema.Object<EntityNode>("EntityEdge").Field("node", entity => entity);
        schema.Object<Organization>("Organization").Field("id", _ => NodeId.Of("Organization", 1)).Field("name", organization => organization.Name).Field("coreWeaveOrganizationId", _ => null);
        schema.Object<ServerFacts>("ServerInfo")
            .Field("cliVersionInfo", _ => ServerFacts.CliVersions)
            .Field("latestLocalVersionInfo", _ => null)
            .Field("features", _ => ServerFacts.Features);
        schema.Object<object>("LocalVersionInfo").Field("outOfDate", _ => false).Field("latestVersionString", _ => null).Field("versionOnThisInstanceString", _ => null);
        schema.Object<ServerFeature>("ServerFeature").Field("name", feature => feature.Name).Field("isEnabled", _ => true);
        schema.Object<ServerFacts>("ServerSettings").Field("serverMessages", _ => Array.Empty<object>());
        schema.Object<object>("ServerMessage")
            .Field("utfText", _ => null)
            .Field("plainText", _ => null)
            .Field("htmlText", _ => null)
            .Field("messageType", _ => null)
            .Field("messageLevel", _ => null);
        schema.Object<PageEnd>("PageInfo").Field("endCursor", end => end.Cursor).Field("hasNextPage", end => end.HasMore);
    }
}
