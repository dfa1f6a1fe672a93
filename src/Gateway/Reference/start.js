'use strict';
window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  filter: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null, // nothing is sent to anybody but this hub
});
