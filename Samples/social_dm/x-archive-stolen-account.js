window.YTD.direct_messages.part0 = [
  {
    "dmConversation": {
      "conversationId": "2244994945-1512345678901234567",
      "messages": [
        {
          "messageCreate": {
            "recipientId": "2244994945",
            "reactions": [],
            "urls": [
              {
                "url": "https://t.co/Xa1b2c3d4e",
                "expanded": "https://twitter.com/messages/media/1830000000000000305",
                "display": "pic.twitter.com/Xa1b2c3d4e"
              }
            ],
            "text": "Adjunto la captura del correo que recibí https://t.co/Xa1b2c3d4e",
            "mediaUrls": [
              "https://ton.twitter.com/dm/1830000000000000305/1830000000000000300/k3Tz9wLq.jpg"
            ],
            "senderId": "1512345678901234567",
            "id": "1830000000000000305",
            "createdAt": "2026-03-02T08:16:41.120Z"
          }
        },
        {
          "messageCreate": {
            "recipientId": "1512345678901234567",
            "reactions": [
              {
                "senderId": "1512345678901234567",
                "reactionKey": "agree",
                "eventId": "1830000000000000300",
                "createdAt": "2026-03-02T08:15:30.000Z"
              }
            ],
            "urls": [],
            "text": "Hola, ¿desde cuándo no puede entrar?",
            "mediaUrls": [],
            "senderId": "2244994945",
            "id": "1830000000000000299",
            "createdAt": "2026-03-02T08:15:02.004Z"
          }
        },
        {
          "messageCreate": {
            "recipientId": "2244994945",
            "reactions": [],
            "urls": [],
            "text": "¡AYUDA! Me han robado la cuenta, cambiaron el correo y están retirando mis fondos ahora mismo. Bloquéenla por favor!!!",
            "mediaUrls": [],
            "senderId": "1512345678901234567",
            "id": "1830000000000000288",
            "createdAt": "2026-03-02T08:14:07.511Z"
          }
        }
      ]
    }
  },
  {
    "dmConversation": {
      "conversationId": "2244994945-3300112233",
      "messages": [
        {
          "messageCreate": {
            "recipientId": "2244994945",
            "reactions": [],
            "urls": [
              {
                "url": "https://t.co/Zz9y8x7w6v",
                "expanded": "https://example.org/blog/dark-mode",
                "display": "example.org/blog/dark-mode"
              }
            ],
            "text": "Hi! Does the app have a dark mode? Saw it here https://t.co/Zz9y8x7w6v",
            "mediaUrls": [],
            "senderId": "3300112233",
            "id": "1830000000000000102",
            "createdAt": "2026-02-27T19:40:12.900Z"
          }
        }
      ]
    }
  },
  {
    "dmConversation": {
      "conversationId": "2244994945-1512345678901234567",
      "messages": [
        {
          "messageCreate": {
            "recipientId": "2244994945",
            "reactions": [],
            "urls": [],
            "text": "Buenas, ¿cuánto tarda la verificación?",
            "mediaUrls": [],
            "senderId": "1512345678901234567",
            "id": "1829999999999999001",
            "createdAt": "2026-02-20T11:00:00.000Z"
          }
        }
      ]
    }
  }
]
